// What pods go through: every state with its conditions, reasons and texts.
import type { Condition, ContainerStatus, Pod } from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange } from "../recording.ts";
import { ofResource, withoutNames, withoutRepetition } from "./changes.ts";

/** Crash loops go on; only the beginning of a pod's life is compared. */
const MAX_STATES = 12;

/** The states that new pods go through until they are deleted, each sequence once, sorted. */
export function newPodStates(changes: readonly RecordedChange[]): string[] {
  const added = changes.filter(({ resource, type }) => resource === "pods" && type === "ADDED");
  const created = new Set(added.map(({ object }) => object.metadata.uid));
  return sequences(changes, (pods) =>
    pods
      .filter(({ metadata }) => created.has(metadata.uid) && metadata.deletionTimestamp === undefined)
      .map(podState),
  ).map((states) => states.slice(0, MAX_STATES).join("\n > "));
}

/** The states of deleted pods from their deletion on, likewise. */
export function deletedPodStates(changes: readonly RecordedChange[]): string[] {
  return sequences(changes, (pods) =>
    pods
      .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
      // How often a crashing container was restarted until then is a matter of seconds.
      .map((pod) =>
        podState(pod)
          .replaceAll(/ x\d+/g, " restarted")
          .replaceAll(/back-off \d+s/g, "back-off"),
      ),
  ).map((states) => states.join("\n > "));
}

function sequences(
  changes: readonly RecordedChange[],
  statesOf: (pods: readonly Pod[]) => string[],
): string[][] {
  const byUid = Map.groupBy(ofResource<Pod>(changes, "pods"), ({ metadata }) => metadata.uid);
  const all = [...byUid.values()].map((pods) => withoutRepetition(statesOf(pods)));
  const distinct = new Map(
    all.filter((states) => states.length > 0).map((states) => [states.join(), states]),
  );
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, states]) => states);
}

function podState({ metadata, spec, status }: Pod): string {
  const parts = [
    status.phase,
    status.reason,
    spec.nodeName ? "bound" : "unbound",
    metadata.deletionTimestamp === undefined ? undefined : "deleting",
    status.podIP && "address",
    ...(status.conditions ?? []).map(conditionText),
    ...(status.initContainerStatuses ?? []).map(containerText),
    ...(status.containerStatuses ?? []).map(containerText),
  ];
  return parts.filter((part) => part).join(" ");
}

function conditionText({ type, status, reason, message }: Condition): string {
  return `${type}=${status}${reason ? `/${reason}` : ""}${message ? ` "${withoutNames(message)}"` : ""}`;
}

function containerText({ name, state, lastState, ready, started, restartCount }: ContainerStatus): string {
  const flags = `${ready ? " ready" : ""}${started ? " started" : ""}`;
  const restarts = restartCount > 0 ? ` x${restartCount}` : "";
  const last = Object.keys(lastState).length > 0 ? ` after ${stateText(lastState)}` : "";
  return `${name}[${stateText(state)}${flags}${restarts}${last}]`;
}

function stateText({ waiting, running, terminated }: ContainerStatus["state"]): string {
  if (running) return "running";
  const what = waiting?.reason ?? `${terminated?.reason}(${terminated?.exitCode})`;
  const message = waiting?.message ?? terminated?.message;
  return message ? `${what} "${withoutNames(message)}"` : what;
}
