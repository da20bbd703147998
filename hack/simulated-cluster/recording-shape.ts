// The shape of a recording: what it shows apart from names, addresses, times and hashes. Two runs of the same
// rollout, one real and one simulated, have the same shape.
import type { CoreEvent, Deployment, EndpointSlice, Pod, Service } from "./api-server/kinds.ts";
import type { RecordedChange, RecordedLine } from "./recording.ts";

export interface RecordingShape {
  /** The states that new pods go through until they are deleted, each sequence once, sorted. */
  readonly podStates: readonly string[];
  /** The states of deleted pods from their deletion on, likewise. */
  readonly deletedPodStates: readonly string[];
  /** The Deployment's conditions, in the order in which they appear, one entry a change. */
  readonly conditions: readonly string[];
  /** Type, reason and text of all new Events, sorted. */
  readonly events: readonly string[];
  /** Ready endpoints: at the change, the fewest after it, and at the end. */
  readonly readyEndpoints: { readonly before: number; readonly fewest: number; readonly atEnd: number };
  /** The Deployment's counts at the end. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Crash loops go on; only the beginning of a pod's life is compared. */
const MAX_STATES = 12;

/** The shape of what follows the n-th mark (from 0), up to the next mark or the end. */
export function shapeOf(lines: readonly RecordedLine[], markNumber = 0): RecordingShape {
  const marks = [...lines.entries()].filter(([, line]) => "mark" in line).map(([i]) => i);
  const start = marks[markNumber] ?? lines.length;
  const isChange = (line: RecordedLine): line is RecordedChange => "resource" in line;
  const before = lines.slice(0, start).filter(isChange);
  const after = lines.slice(start, marks[markNumber + 1]).filter(isChange);
  return {
    podStates: podStates(after),
    deletedPodStates: deletedPodStates(after),
    conditions: conditionSequence(after),
    events: eventTexts(after),
    readyEndpoints: readyEndpoints(before, after),
    counts: lastCounts([...before, ...after]),
  };
}

function ofResource<Kind>(changes: readonly RecordedChange[], resource: string): Kind[] {
  return changes
    .filter((change) => change.resource === resource)
    .map(({ object }) => object as unknown as Kind);
}

function withoutRepetition(texts: readonly string[]): string[] {
  return texts.filter((text, i) => text !== texts[i - 1]);
}

function podStates(changes: readonly RecordedChange[]): string[] {
  const created = new Set(
    changes
      .filter(({ resource, type }) => resource === "pods" && type === "ADDED")
      .map(({ object }) => object.metadata.uid),
  );
  const sequences = [...created].map((uid) => {
    const states = ofResource<Pod>(changes, "pods")
      .filter(({ metadata }) => metadata.uid === uid && metadata.deletionTimestamp === undefined)
      .map(podState);
    return withoutRepetition(states).slice(0, MAX_STATES).join(" > ");
  });
  return [...new Set(sequences)].sort();
}

function deletedPodStates(changes: readonly RecordedChange[]): string[] {
  const deleted = ofResource<Pod>(changes, "pods").filter(
    ({ metadata }) => metadata.deletionTimestamp !== undefined,
  );
  const sequences = [...new Set(deleted.map(({ metadata }) => metadata.uid))].map((uid) => {
    const states = deleted
      .filter(({ metadata }) => metadata.uid === uid)
      // How often a crashing container was restarted until then is a matter of seconds.
      .map((pod) => podState(pod).replace(/ x\d+/, " restarted"));
    return withoutRepetition(states).join(" > ");
  });
  return [...new Set(sequences)].sort();
}

function podState({ metadata, spec, status }: Pod): string {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  const containers = (status.containerStatuses ?? []).map(({ state, restartCount, started }) => {
    const { waiting, running, terminated } = state;
    const what = waiting?.reason ?? (running ? "running" : `${terminated?.reason}(${terminated?.exitCode})`);
    return `${what}${started ? "+" : ""}${restartCount > 0 ? ` x${restartCount}` : ""}`;
  });
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const readiness =
    ready === undefined ? "" : `ready=${ready.status}${ready.reason ? `/${ready.reason}` : ""}`;
  return [
    status.phase,
    spec.nodeName ? "bound" : "unbound",
    isDeleting ? "deleting" : "",
    readiness,
    ...containers,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function conditionSequence(changes: readonly RecordedChange[]): string[] {
  const texts = ofResource<Deployment>(changes, "deployments").map(({ status }) =>
    (status.conditions ?? [])
      .filter(({ type }) => type === "Progressing")
      .map(
        ({ type, status: value, reason, message }) =>
          `${type}=${value} ${reason}: ${withoutNames(message ?? "")}`,
      )
      .join("; "),
  );
  return withoutRepetition(texts.filter((text) => text !== ""));
}

function eventTexts(changes: readonly RecordedChange[]): string[] {
  // Another occurrence of an Event that is there already may fall in any window.
  const added = changes.filter(({ type }) => type === "ADDED");
  const texts = ofResource<CoreEvent>(added, "events").map((event) => {
    const source = event.source.component ?? event.reportingComponent;
    return `${event.type} ${event.reason} (${source}): ${withoutNames(event.message)}`;
  });
  return [...new Set(texts)].sort();
}

/** Leaves out what differs from run to run; counts of a scaling depend on which pod was ready first. */
function withoutNames(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID")
    .replace(/\d+\.\d+\.\d+\.\d+/g, "ADDRESS")
    .replace(/Scaled (up|down) replica set \S+ from \d+ to \d+/, "Scaled $1 replica set")
    .replace(/-[bcdf0-9]{7,10}(-[a-z0-9]{5})?\b/g, "-HASH")
    .replace(/-[bcdfghjklmnpqrstvwxz2456789]{7,10}(-[a-z0-9]{5})?(?=["_\s]|$)/g, "-HASH")
    .replace(/-HASH-[a-z0-9]{5}_/, "-HASH_")
    .replace("(combined from similar events): ", "");
}

function readyEndpoints(
  before: readonly RecordedChange[],
  after: readonly RecordedChange[],
): RecordingShape["readyEndpoints"] {
  const count = ({ endpoints }: EndpointSlice) =>
    (endpoints ?? []).filter(({ conditions }) => conditions.ready).length;
  const counts = ofResource<EndpointSlice>(after, "endpointslices").map(count);
  const first = ofResource<EndpointSlice>(before, "endpointslices").map(count).at(-1) ?? 0;
  return { before: first, fewest: Math.min(first, ...counts), atEnd: counts.at(-1) ?? first };
}

function lastCounts(changes: readonly RecordedChange[]): Record<string, number> {
  const status = ofResource<Deployment>(changes, "deployments").at(-1)?.status ?? {};
  const entries = Object.entries(status).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

/** The manifests that were applied before the change and by it, as `kubectl apply` remembers them. */
export function manifestsOf(lines: readonly RecordedLine[]): {
  readonly service: Service | undefined;
  readonly before: Deployment | undefined;
  readonly change: Deployment;
} {
  const changeIndex = lines.findIndex((line) => "mark" in line);
  const at = (from: number, to: number | undefined, resource: string): RecordedChange[] =>
    lines
      .slice(from, to)
      .filter((line): line is RecordedChange => "resource" in line && line.resource === resource);
  const service = at(0, undefined, "services")[0]?.object as Service | undefined;
  const before = at(0, changeIndex, "deployments").at(-1)?.object as Deployment | undefined;
  const changed = at(changeIndex, undefined, "deployments")[0]?.object as Deployment | undefined;
  if (changed === undefined) throw new Error("The recording has no change of a Deployment.");
  return {
    service: service && asManifest(service),
    before: before && asManifest(before),
    change: asManifest(changed),
  };
}

/** What a person would have written: no status, no metadata of the server. */
function asManifest<Kind extends Deployment | Service>({ apiVersion, kind, metadata, spec }: Kind): Kind {
  const { name, namespace, labels } = metadata;
  return { apiVersion, kind, metadata: { name, namespace, labels }, spec } as unknown as Kind;
}
