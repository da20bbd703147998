// Pods for scenes: running and ready by default; traits say in words what is wrong with one.

import type { ContainerView, PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { seconds } from "./instants.ts";

/** Something that is different about a pod. */
export type PodTrait = (pod: PodView) => PodView;

const START_MS = seconds(2);
const READY_MS = seconds(5);

/** A pod of the revision that started at once and became ready after five seconds, but for its traits. */
export function aPod(
  revision: RevisionView,
  number: number,
  createdAt: number,
  traits: readonly PodTrait[] = [],
): PodView {
  const name = `${revision.source.name}-${number}`;
  const healthy: PodView = {
    name,
    uid: `uid-of-${name}`,
    revisionId: revision.id,
    createdAt,
    isDeleting: false,
    phase: "Running",
    isReady: true,
    readyChangedAt: createdAt + READY_MS,
    containersReadyAt: createdAt + READY_MS,
    scheduled: { ok: true, at: createdAt },
    initializedAt: createdAt,
    ...(revision.template.hasReadinessGates && { hasReadinessGates: true }),
    containers: revision.template.containers.map((container) => wellContainer(container, createdAt)),
  };
  return traits.reduce((pod, trait) => trait(pod), healthy);
}

function wellContainer({ name, kind }: ContainerTemplateView, createdAt: number): ContainerView {
  const state =
    kind === "init"
      ? ({
          is: "terminated",
          reason: "Completed",
          exitCode: 0,
          startedAt: createdAt,
          finishedAt: createdAt + START_MS,
          message: "",
        } as const)
      : ({ is: "running", startedAt: createdAt + START_MS } as const);
  return { name, kind, isReady: true, isStarted: true, restarts: 0, state };
}

/** Made so many seconds after the others. */
export function createdAt(at: number): PodTrait {
  return (pod) => ({
    ...pod,
    createdAt: at,
    readyChangedAt: at + READY_MS,
    containersReadyAt: at + READY_MS,
    scheduled: { ...pod.scheduled, at },
    containers: pod.containers.map((one) =>
      one.state.is === "running" ? { ...one, state: { is: "running", startedAt: at + START_MS } } : one,
    ),
  });
}

/** Its containers run; the app has not become ready yet. */
export const notReadyYet: PodTrait = (pod) => ({
  ...pod,
  isReady: false,
  containersReadyAt: undefined,
  readyChangedAt: pod.createdAt,
  readyReason: "ContainersNotReady",
  containers: pod.containers.map((one) =>
    one.kind === "app" ? { ...one, isReady: false, isStarted: false } : one,
  ),
});

/** Its containers run since then. */
export function runningSince(at: number): PodTrait {
  return (pod) => ({
    ...pod,
    containers: pod.containers.map((one) =>
      one.kind === "init" ? one : { ...one, state: { is: "running", startedAt: at } },
    ),
  });
}

/** It was ready and is not any more since then; its containers run on. */
export function lostReadiness(at: number): PodTrait {
  return (pod) => ({ ...notReadyYet(pod), readyChangedAt: at });
}

/** It was not ready for a moment and is again since then; its containers ran on. */
export function regainedReadiness(at: number): PodTrait {
  return (pod) => ({ ...pod, readyChangedAt: at, containersReadyAt: at });
}

/** It lost readiness so often while its containers ran on, and was unready for so long in all. */
export function flapping(losses: number, unreadyMs: number): PodTrait {
  return (pod) => ({ ...pod, instability: { losses, unreadyMs } });
}

/** It took so long from start to ready. */
export function readyAfter(durationMs: number): PodTrait {
  return (pod) => {
    const readyAt = pod.createdAt + START_MS + durationMs;
    return { ...pod, readyChangedAt: readyAt, containersReadyAt: readyAt };
  };
}

interface Ending {
  readonly container?: string;
  readonly restarts: number;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly at?: number;
  readonly message?: string;
}

/** A container ended and waits to be restarted. */
export function crashed({ container = "app", restarts, at, ...end }: Ending): PodTrait {
  return (pod) => ({
    ...notReadyYet(pod),
    containers: pod.containers.map((one) =>
      one.name === container
        ? {
            ...one,
            isReady: false,
            restarts,
            state: { is: "waiting", reason: "CrashLoopBackOff", message: "back-off restarting" },
            last: {
              is: "terminated",
              reason: end.reason ?? "Error",
              exitCode: end.exitCode ?? 1,
              startedAt: (at ?? pod.createdAt + START_MS) - seconds(1),
              finishedAt: at ?? pod.createdAt + START_MS,
              message: end.message ?? "",
            },
          }
        : one,
    ),
  });
}

/** A container of it was first seen to fail then. */
export function firstFailed(at: number): PodTrait {
  return (pod) => ({ ...pod, firstFailureAt: at });
}

/** A container with other properties, the rest of the pod untouched. */
export function containerIs(name: string, changes: Partial<ContainerView>): PodTrait {
  return (pod) => ({
    ...pod,
    containers: pod.containers.map((one) => (one.name === name ? { ...one, ...changes } : one)),
  });
}

/** The app runs again since then, ready, after that many restarts; it ended a second before. */
export function runningAgain(restarts: number, at: number): PodTrait {
  return (pod) => {
    const [app] = crashed({ restarts, at: at - seconds(1) })(pod).containers.filter(
      ({ name }) => name === "app",
    );
    return containerIs("app", {
      restarts,
      last: app?.last,
      state: { is: "running", startedAt: at },
    })(pod);
  };
}

/** The app's image cannot be pulled since then. */
export function imageMissing(sinceAt: number): PodTrait {
  return (pod) => ({
    ...waitsFor("ImagePullBackOff", 'Back-off pulling image "registry.example/checkout:2"')(pod),
    startFailure: { kind: "image", sinceAt },
  });
}

/** The app cannot be created since then. */
export function cannotBeCreated(message: string, sinceAt: number): PodTrait {
  return (pod) => ({
    ...waitsFor("CreateContainerConfigError", message)(pod),
    startFailure: { kind: "config", sinceAt },
  });
}

/** The app was not started yet, for this reason. */
export function waitsFor(reason: string, message = ""): PodTrait {
  return (pod) => ({
    ...notReadyYet(pod),
    phase: "Pending",
    containers: pod.containers.map((one) =>
      one.kind === "app"
        ? { ...one, isReady: false, isStarted: false, state: { is: "waiting", reason, message } }
        : one,
    ),
  });
}

/** No node takes it since then. */
export function unschedulable(sinceAt: number): PodTrait {
  return (pod) => ({
    ...notReadyYet(pod),
    phase: "Pending",
    containers: [],
    scheduled: {
      ok: false,
      at: sinceAt,
      reason: "Unschedulable",
      message: "0/3 nodes are available: 3 Insufficient memory.",
    },
  });
}

export const beingDeleted: PodTrait = (pod) => ({ ...pod, isDeleting: true });

export const evicted: PodTrait = (pod) => ({
  ...notReadyYet(pod),
  phase: "Failed",
  reason: "Evicted",
  containers: [],
});

/** Its node turned it away, for this reason, before any container was started. */
export function rejected(reason: string, message?: string): PodTrait {
  return (pod) => ({ ...waitsFor("")(pod), phase: "Failed", reason, message, node: "node-a" });
}

export const disrupted: PodTrait = (pod) => ({ ...notReadyYet(pod), disruption: "EvictionByEvictionAPI" });

/** The node controller lost its node: Ready is False, while the kubelet's own conditions stay as they were. */
export function onLostNode(at: number): PodTrait {
  return (pod) => ({ ...pod, isReady: false, readyChangedAt: at, readyReason: undefined });
}

/** So long after its start its lost node came back: Ready is new, while its containers were ready all along. */
export function backOnNodeAfter(durationMs: number): PodTrait {
  return (pod) => ({ ...pod, readyChangedAt: pod.createdAt + START_MS + durationMs });
}

/** Its containers are ready, and a readiness gate is not set, be it from the template or put into the pod. */
export const waitsForGate: PodTrait = (pod) => ({
  ...pod,
  hasReadinessGates: true,
  isReady: false,
  containersReadyAt: pod.createdAt + READY_MS,
  readyChangedAt: pod.createdAt,
  readyReason: "ReadinessGatesNotReady",
});
