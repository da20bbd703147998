// Which probe of which container fails, what it asks, and what it gets to hear. Pure.

import type { FindingReason } from "../../api/reasons.ts";
import { changedInContainer } from "../changes/container-changes.ts";
import { failingContainer } from "../rollout/crashes.ts";
import { type ProbeFailure, probeFailureOf } from "../rollout/probe-failures.ts";
import { runningSince } from "../rollout/start-times.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { ProbeView } from "../snapshot/probe.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import type { Case } from "./cause.ts";

/** The reasons of findings behind which there can be a failing probe. */
export const PROBE_REASONS: readonly FindingReason[] = [
  "NotReady",
  "Degraded",
  "ProgressDeadlineExceeded",
  "CrashLooping",
];

export type ProbeName = "readiness" | "liveness" | "startup";

export interface FailingProbe {
  readonly pod: PodView;
  readonly container: ContainerTemplateView;
  /** The container of the revision that worked, where it has one of that name. */
  readonly before: ContainerTemplateView | undefined;
  readonly which: ProbeName;
  readonly probe: ProbeView;
  /** The same probe of the revision that worked. */
  readonly probeBefore: ProbeView | undefined;
  /** Undefined when no Event tells. */
  readonly failure: ProbeFailure | undefined;
  /** How long the container has been running by now, or ran until it was killed. */
  readonly ranMs: number;
}

/** "the readiness probe of container app (GET http :8080/healthz)" */
export function nameProbe({ which, container, probe }: FailingProbe): string {
  return `the ${which} probe of container ${container.name} (${probe.target})`;
}

/** The field of a container that holds the probe. */
export function fieldOf(which: ProbeName): "readinessProbe" | "livenessProbe" | "startupProbe" {
  return `${which}Probe`;
}

/** The probe that keeps the finding's pods from being ready; of several pods that one of which an Event tells most. */
export function unreadyProbe(of: Case): FailingProbe | undefined {
  const probes = podsOf(of).flatMap(
    (pod) => probeOf(of, pod, unreadyNames(pod), ["readiness", "startup"]) ?? [],
  );
  return probes.find(({ failure }) => failure !== undefined) ?? probes[0];
}

/** The probe for whose failure the kubelet kills the finding's containers; undefined when no Event says that it does. */
export function killingProbe(of: Case): FailingProbe | undefined {
  return podsOf(of)
    .flatMap((pod) => {
      const failed = failingContainer(pod, of.now);
      if (!failed) return [];
      const found = probeOf(of, pod, new Set([failed.container.name]), ["liveness", "startup"]);
      const ranMs = failed.end ? failed.end.finishedAt - failed.end.startedAt : 0;
      return found ? [{ ...found, ranMs }] : [];
    })
    .find(({ failure, which }) => failure !== undefined && which !== "readiness");
}

/** The failing probe of a case; of a crash loop the one for which the kubelet kills. */
export function failingProbe(of: Case): FailingProbe | undefined {
  return of.finding.reason === "CrashLooping" ? killingProbe(of) : unreadyProbe(of);
}

/** What the rollout changed in the container whose probe fails, as one more sentence; empty where it changed nothing. */
export function whatChanged({ before, container }: FailingProbe): string {
  const changed = before ? changedInContainer(before, container) : [];
  return changed.length > 0 ? ` The rollout changed its ${changed.join(", ")}.` : "";
}

/** The pods that the finding is about; for one that names none, those of the rollout that are not ready. */
export function podsOf({ finding, rollout }: Case): readonly PodView[] {
  return finding.pods ?? rollout.pods.filter(({ isReady }) => !isReady);
}

function unreadyNames({ containers }: PodView): ReadonlySet<string> {
  return new Set(
    containers.filter(({ isReady, kind }) => !isReady && kind !== "init").map(({ name }) => name),
  );
}

function probeOf(
  { rollout, now }: Case,
  pod: PodView,
  names: ReadonlySet<string>,
  wanted: readonly ProbeName[],
): FailingProbe | undefined {
  const events = rollout.snapshot.events.filter(
    ({ involved, message }) => involved.uid === pod.uid && wanted.some((which) => isAbout(message, which)),
  );
  const failure = probeFailureOf(pod, events);
  const candidates = rollout.revision.template.containers
    .filter(({ name }) => names.has(name))
    .flatMap((container) => wanted.flatMap((which) => (container[which] ? [{ container, which }] : [])));
  const reported = failure && candidates.filter(({ which }) => isAbout(failure.message, which));
  const [first] = reported?.length ? reported : candidates;
  const probe = first?.container[first.which];
  if (!first || !probe) return undefined;
  const before = rollout.baseline?.template.containers.find(({ name }) => name === first.container.name);
  const ranMs = Math.max(0, now - (runningSince(pod) ?? pod.createdAt));
  return { pod, ...first, before, probe, probeBefore: before?.[first.which], failure, ranMs };
}

/** "Readiness probe failed: …", "Liveness probe errored: …" */
function isAbout(message: string, which: ProbeName): boolean {
  return message.toLowerCase().startsWith(`${which} probe `);
}
