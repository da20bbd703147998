// Container statuses of a pod: raw JSON → ContainerView. Small for containers that just run.
import type { ContainerState, ContainerView, TerminatedState } from "../../domain/snapshot/pod.ts";
import type { ContainerKind } from "../../domain/snapshot/template.ts";
import type { Masking } from "../masking/pod-masking.ts";
import { asInstant, asInteger, asList, asObject, asText, isObject, type RawObject } from "../objects.ts";
import { sharedText } from "./shared-text.ts";
import { initKindOf, MOST_CONTAINERS } from "./template.ts";

/** The containers of a pod that have a status, init containers and sidecars first. Instants are not before `createdAt`. */
export function projectContainers(
  spec: RawObject,
  status: RawObject,
  createdAt: number,
  mask: Masking,
): ContainerView[] {
  const initKinds = new Map<unknown, ContainerKind>();
  for (const raw of asList(spec.initContainers)) initKinds.set(asObject(raw).name, initKindOf(raw));
  const kindOfInit = (raw: unknown) => initKinds.get(asObject(raw).name) ?? "init";
  const initStatuses = asList(status.initContainerStatuses).slice(0, MOST_CONTAINERS);
  const statuses = asList(status.containerStatuses).slice(0, MOST_CONTAINERS);
  // A list put together with spreads keeps room for sixteen more, in every pod.
  return initStatuses
    .map((raw) => projectContainer(raw, kindOfInit(raw), createdAt, mask))
    .concat(statuses.map((raw) => projectContainer(raw, "app", createdAt, mask)));
}

function projectContainer(
  raw: unknown,
  kind: ContainerKind,
  createdAt: number,
  mask: Masking,
): ContainerView {
  const container = asObject(raw);
  return {
    name: sharedText(asText(container.name)),
    kind,
    isReady: container.ready === true,
    isStarted: container.started === true,
    restarts: asInteger(container.restartCount),
    imageId: digestIn(asText(container.imageID)),
    state: projectState(asObject(container.state), createdAt, mask),
    last: terminatedIn(asObject(container.lastState), createdAt, mask),
  };
}

/** "docker.io/library/web@sha256:…" → the digest; runtimes write the part before it in different ways. */
function digestIn(imageId: string): string | undefined {
  const digest = /sha256:[0-9a-f]{64}/.exec(imageId)?.[0];
  return digest === undefined ? undefined : sharedText(digest);
}

/** One frozen state for each of the two waiting reasons that every start passes through. */
const USUAL_WAITING: ReadonlyMap<string, ContainerState> = new Map(
  ["", "ContainerCreating", "PodInitializing"].map((reason) => [
    reason,
    Object.freeze({ is: "waiting", reason, message: "" } as const),
  ]),
);

function projectState(state: RawObject, createdAt: number, mask: Masking): ContainerState {
  if (isObject(state.running)) {
    return { is: "running", startedAt: instantAfter(createdAt, state.running.startedAt) };
  }
  const terminated = terminatedIn(state, createdAt, mask);
  if (terminated !== undefined) return terminated;
  // A container without any state is waiting (core/v1 ContainerState).
  const waiting = asObject(state.waiting);
  const reason = asText(waiting.reason);
  const message = asText(waiting.message);
  const usual = message === "" ? USUAL_WAITING.get(reason) : undefined;
  return usual ?? { is: "waiting", reason: sharedText(reason), message: mask(message) };
}

function terminatedIn(state: RawObject, createdAt: number, mask: Masking): TerminatedState | undefined {
  if (!isObject(state.terminated)) return undefined;
  const { reason, exitCode, startedAt, finishedAt, message } = state.terminated;
  return {
    is: "terminated",
    reason: sharedText(asText(reason)),
    exitCode: asInteger(exitCode),
    startedAt: instantAfter(createdAt, startedAt),
    finishedAt: instantAfter(createdAt, finishedAt),
    message: mask(asText(message), "application"),
  };
}

/** The instant, but not before the pod was created: a kubelet's clock may be behind that of the API server. */
export function instantAfter(createdAt: number, value: unknown): number {
  return Math.max(createdAt, asInstant(value) ?? createdAt);
}
