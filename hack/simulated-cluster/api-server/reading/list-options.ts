// The options of a list or watch about versions and pages, checked in the words of a real API server.
import { ApiError, badRequest, invalid } from "../api-error.ts";

export interface ListOptions {
  /** Undefined: the newest state; 0: any. */
  readonly resourceVersion: number | undefined;
  readonly resourceVersionMatch: "" | "Exact" | "NotOlderThan";
  /** 0 for all. */
  readonly limit: number;
  /** Empty for none. */
  readonly continue: string;
}

export interface WatchOptions {
  readonly resourceVersion: number | undefined;
  /** Undefined leaves the choice to the resourceVersion. */
  readonly sendInitialEvents: boolean | undefined;
  readonly allowsBookmarks: boolean;
  /** 0 leaves the choice to the server. */
  readonly timeoutSeconds: number;
}

/** How a real server calls the options in its refusals. */
const LIST_OPTIONS = { group: "meta.k8s.io", plural: "listoptions", kind: "ListOptions" };

/** Throws an ApiError for options that a real server refuses. */
export function readListOptions(query: URLSearchParams): ListOptions {
  const match = query.get("resourceVersionMatch") ?? "";
  const given = query.get("resourceVersion") ?? "";
  const next = query.get("continue") ?? "";
  const faults: string[] = [];
  if (match !== "") {
    if (given === "")
      faults.push(forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided"));
    if (next !== "") faults.push(forbidden("resourceVersionMatch is forbidden when continue is provided"));
    if (!isMatch(match)) faults.push(unsupported(match, ["Exact", "NotOlderThan", ""]));
    if (match === "Exact" && given === "0") {
      faults.push(forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  refuse("resourceVersionMatch", faults);
  if (query.has("sendInitialEvents"))
    refuse("sendInitialEvents", [forbidden("sendInitialEvents is forbidden for list")]);
  if (next !== "" && given !== "" && given !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  return {
    resourceVersion: readRevision(given),
    resourceVersionMatch: isMatch(match) ? match : "",
    limit: readCount(query.get("limit")),
    continue: next,
  };
}

/** Throws an ApiError for options that a real server refuses. */
export function readWatchOptions(query: URLSearchParams): WatchOptions {
  const match = query.get("resourceVersionMatch") ?? "";
  const initial = query.get("sendInitialEvents");
  const faults: string[] = [];
  if (initial !== null && match !== "NotOlderThan") {
    faults.push(forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  }
  if (match !== "") {
    if (initial === null) {
      faults.push(
        forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"),
      );
    }
    if (match !== "NotOlderThan") faults.push(unsupported(match, ["NotOlderThan"]));
  }
  refuse("resourceVersionMatch", faults);
  return {
    resourceVersion: readRevision(query.get("resourceVersion") ?? ""),
    sendInitialEvents: initial === null ? undefined : ["true", "1"].includes(initial),
    allowsBookmarks: ["true", "1"].includes(query.get("allowWatchBookmarks") ?? ""),
    timeoutSeconds: readCount(query.get("timeoutSeconds")),
  };
}

/** A state that the server has not reached yet: 504 with its cause. */
export function tooLargeResourceVersion(wanted: number, current: number): ApiError {
  return new ApiError(504, "Timeout", `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
}

function isMatch(match: string): match is "Exact" | "NotOlderThan" {
  return match === "Exact" || match === "NotOlderThan";
}

function forbidden(why: string): string {
  return `Forbidden: ${why}`;
}

function unsupported(value: string, supported: readonly string[]): string {
  return `Unsupported value: "${value}": supported values: ${supported.map((each) => `"${each}"`).join(", ")}`;
}

function refuse(field: string, messages: readonly string[]): void {
  if (messages.length === 0) return;
  const faults = messages.map((message) => ({
    field,
    reason: message.startsWith("Forbidden")
      ? ("FieldValueForbidden" as const)
      : ("FieldValueNotSupported" as const),
    message,
  }));
  throw invalid(LIST_OPTIONS, "", faults);
}

/** A whole number; 0 when it is not given. */
function readCount(text: string | null): number {
  if (text === null || text === "") return 0;
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function readRevision(text: string): number | undefined {
  if (text === "") return undefined;
  if (!/^\d+$/.test(text)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}
