// A recording: what a watcher of one namespace saw, line by line. Reading it, and anchoring its seconds in time.
import { asList, asObject, asText, isObject, metaOf, type RawObject } from "../../../kube/objects.ts";
import { RESOURCES, type ResourceName } from "../../../kube/resources.ts";
import { UsageError } from "../../exit-codes.ts";

/** One line: a change of an object, or what the person at the keyboard did. `t` is seconds since the recording began. */
export type RecordedLine =
  | { readonly t: number; readonly mark: string }
  | {
      readonly t: number;
      readonly resource: ResourceName;
      /** LIST: it was there when the recording began. */
      readonly type: "LIST" | "ADDED" | "MODIFIED" | "DELETED";
      readonly object: RawObject;
    };

/** Another line: the answer to a question that a decision asked, when it came. */
export interface AnswerLine {
  readonly t: number;
  /** The question's. */
  readonly key: string;
  /** The Deployment that it is about; undefined in a recording of one. */
  readonly about?: string | undefined;
  /** Its value, or why there was none. */
  readonly answer: { readonly value: unknown } | { readonly unavailable: string };
}

export interface Recording {
  /** The file's name without `.jsonl`. */
  readonly name: string;
  readonly lines: readonly RecordedLine[];
  /** In the order in which they came. */
  readonly answers: readonly AnswerLine[];
  /** Epoch ms of `t` = 0. */
  readonly beganAt: number;
}

/** A recording that cannot be read, with the line and what is expected there. */
export class RecordingError extends UsageError {
  override readonly name = "RecordingError";
}

/** Nobody records for longer (seconds); a `t` beyond is in other units, or damaged, and would take ages to live through. */
const LONGEST_S = 31 * 24 * 3_600;

const TYPES = ["LIST", "ADDED", "MODIFIED", "DELETED"];

/** Reads the text of a recording. Lines of resources that nobody here looks at are left out. Throws RecordingError. */
export function parseRecording(name: string, text: string): Recording {
  const parsed = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      return parseLine(line, `${name}, line ${index + 1}`) ?? [];
    });
  if (parsed.length === 0)
    throw new RecordingError(`${name} has no lines; make one with kubectl rolloutguard record`);
  const inOrder = parsed.sort((a, b) => a.t - b.t);
  const lines = inOrder.filter((line): line is RecordedLine => !("answer" in line));
  const answers = inOrder.filter((line): line is AnswerLine => "answer" in line);
  return { name, lines, answers, beganAt: anchor(lines) };
}

function parseLine(line: string, where: string): RecordedLine | AnswerLine | undefined {
  const value = parseJson(line, where);
  if (!isObject(value) || typeof value.t !== "number") {
    throw new RecordingError(`${where}: expected {"t": <seconds>, …}`);
  }
  if (Math.abs(value.t) > LONGEST_S) {
    throw new RecordingError(
      `${where}: t is ${value.t}; expected seconds since the start of the recording, at most ${LONGEST_S}`,
    );
  }
  const { t, mark, answer, resource, type, object } = value;
  if (typeof mark === "string") return { t, mark };
  if (answer !== undefined) return { t, ...parseAnswer(answer, where) };
  if (typeof type !== "string" || !TYPES.includes(type) || !isObject(object)) {
    throw new RecordingError(
      `${where}: expected "mark", "answer", or "resource", "type" (${TYPES.join(", ")}) and "object"`,
    );
  }
  if (!isResourceName(resource)) return undefined;
  return { t, resource, type: type as "LIST" | "ADDED" | "MODIFIED" | "DELETED", object };
}

function parseAnswer(value: unknown, where: string): Omit<AnswerLine, "t"> {
  const { key, about, unavailable, ...rest } = asObject(value);
  const isUnavailable = typeof unavailable === "string";
  if (typeof key !== "string" || !(isUnavailable || "value" in rest)) {
    throw new RecordingError(`${where}: expected "answer": {"key", "value" or "unavailable"}`);
  }
  return {
    key,
    ...(typeof about === "string" && { about }),
    answer: isUnavailable ? { unavailable } : { value: rest.value },
  };
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RecordingError(`${where}: not JSON; a recording has one JSON object a line`, { cause });
  }
}

function isResourceName(name: unknown): name is ResourceName {
  return typeof name === "string" && Object.hasOwn(RESOURCES, name);
}

/**
 * Epoch ms at `t` = 0, from objects that were created while the recording ran: each arrived a moment after its
 * creation, which the API server writes in whole seconds. The median is immune to a few odd clocks; half a second
 * is what the truncation takes away on average. A watch that began anew adds objects a second time: not counted.
 * Without such objects: the latest that anything tells, for nothing is seen before it happens.
 */
function anchor(lines: readonly RecordedLine[]): number {
  const seen = new Set<unknown>();
  const created: number[] = [];
  const reported: number[] = [];
  for (const line of lines) {
    if ("mark" in line) continue;
    const { uid, createdAt } = metaOf(line.object);
    if (line.type === "ADDED" && createdAt > 0 && !seen.has(uid)) created.push(createdAt - line.t * 1_000);
    if (uid !== "") seen.add(uid);
    reported.push(...instantsOf(line.object).map((at) => at - line.t * 1_000));
  }
  created.sort((a, b) => a - b);
  const median = created[Math.floor(created.length / 2)];
  if (median !== undefined) return median + 500;
  return reported.reduce((latest, at) => Math.max(latest, at), 0);
}

function instantsOf(object: RawObject): readonly number[] {
  const conditions = asList(asObject(object.status).conditions).map((condition) =>
    Date.parse(asText(asObject(condition).lastTransitionTime)),
  );
  return [metaOf(object).createdAt, ...conditions].filter((at) => Number.isFinite(at));
}
