// GET pods/NAME/log: the container, the options, and the text of the lines that were asked for.

import { ApiError, badRequest, type FieldError, invalid } from "../api-error.ts";
import type { Pod } from "../kinds.ts";
import type { LogLine, ReadLog } from "../log-of-container.ts";

/** `text` undefined: the pod is on no node yet. */
export function podLog(pod: Pod, query: URLSearchParams, accept: string, read: ReadLog): string | undefined {
  if (!/json|yaml|protobuf|\*\/\*|^$/.test(accept)) throw notAcceptable();
  const options = optionsOf(pod.metadata.name, query);
  const container = containerOf(pod, query.get("container") ?? "");
  const { nodeName } = pod.spec;
  if (!nodeName) return undefined;
  const log = read({ uid: pod.metadata.uid, nodeName }, container, isTrue(query.get("previous")));
  if (log === undefined) {
    throw new ApiError(
      500,
      "InternalError",
      `dial tcp ${pod.status.hostIP}:10250: connect: no route to host`,
      {},
    );
  }
  if ("refusal" in log) throw badRequest(log.refusal);
  if (log.isUnended) return log.lines[0]?.text ?? "";
  const lines = options.tailLines === undefined ? log.lines : lastOf(log.lines, options.tailLines);
  const hasTimes = isTrue(query.get("timestamps"));
  const text = lines.map((line) => `${hasTimes ? `${timeOf(line)} ` : ""}${line.text}\n`).join("");
  return options.limitBytes === undefined ? text : firstBytes(text, options.limitBytes);
}

function optionsOf(name: string, query: URLSearchParams) {
  const [tailLines, limitBytes] = ["tailLines", "limitBytes"].map((field) => numberIn(query.get(field)));
  const faults: FieldError[] = [];
  const complain = (field: string, value: number, must: string) =>
    faults.push({ field, reason: "FieldValueInvalid", message: `Invalid value: ${value}: must be ${must}` });
  if (tailLines !== undefined && tailLines < 0)
    complain("tailLines", tailLines, "greater than or equal to 0");
  if (limitBytes !== undefined && limitBytes < 1) complain("limitBytes", limitBytes, "greater than 0");
  if (faults.length > 0) throw invalid({ group: "", plural: "", kind: "PodLogOptions" }, name, faults);
  return { tailLines, limitBytes };
}

function numberIn(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  if (!/^[-+]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function containerOf({ metadata, spec }: Pod, asked: string): string {
  const names = spec.containers.map(({ name }) => name);
  const init = (spec.initContainers ?? []).map(({ name }) => name);
  if (asked === "") {
    if (names.length === 1) return names[0] ?? "";
    const orInit = init.length > 0 ? ` or one of the init containers: [${init.join(" ")}]` : "";
    throw badRequest(
      `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(" ")}]${orInit}`,
    );
  }
  if ([...names, ...init].includes(asked)) return asked;
  throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`);
}

function notAcceptable(): ApiError {
  const types = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
  return new ApiError(406, "NotAcceptable", `only the following media types are accepted: ${types}`);
}

function lastOf(lines: readonly LogLine[], count: number): readonly LogLine[] {
  return count === 0 ? [] : lines.slice(-count);
}

/** Counted from the first of the lines that are asked for. */
function firstBytes(text: string, most: number): string {
  return Buffer.from(text).subarray(0, most).toString();
}

function timeOf({ at }: LogLine): string {
  return new Date(at).toISOString().replace("Z", "000000Z");
}

function isTrue(value: string | null): boolean {
  return value !== null && ["", "1", "true"].includes(value);
}
