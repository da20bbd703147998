// The answers a check can give, and the usual way from "some pods are affected" to one of them. Pure.
import type { FindingReason } from "../../api/reasons.ts";
import type { CheckName, Fault, Finding } from "../decision.ts";
import { shortText } from "../plain-text.ts";
import { losesService } from "../rollout/loss.ts";
import { nodesReportAgainAt } from "../rollout/lost-nodes.ts";
import { isMajority, widespreadSince } from "../rollout/pods.ts";
import { probeFailureOf } from "../rollout/probe-failures.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { GROUNDS, type Ground } from "../snapshot/ground.ts";
import type { PodView } from "../snapshot/pod.ts";

/** A check: one kind of fault, looked for in one rollout. Pure; `now` is the cluster's time. */
export type Check = (rollout: Rollout, now: number) => Finding;

/** Nothing is wrong. */
export function healthy(check: CheckName): Finding {
  return { check, verdict: "healthy" };
}

/** The check cannot tell, for this reason: it never fails a rollout, nor keeps a revision from becoming good. */
export function unknown(check: CheckName, message: string): Extract<Finding, { verdict: "unknown" }> {
  return { check, verdict: "unknown", message };
}

/** A fault that counts once it has lasted: pending until `untilAt`, failing from then on. Infinity: if it happens again. */
export function lasting(check: CheckName, fault: Fault, untilAt: number, now: number): Finding {
  if (now >= untilAt) return { check, verdict: "failing", ...fault };
  return { check, verdict: "pending", ...(Number.isFinite(untilAt) && { untilAt }), ...fault };
}

/** A pod with a fault, since when, and when the fault counts for this pod. */
export interface AffectedPod {
  readonly pod: PodView;
  readonly sinceAt: number;
  readonly untilAt: number;
}

/** What a finding says. */
export type Description = Pick<Fault, "reason" | "message" | "evidence">;

/** How far a fault of pods is: whether it counts already, how long it has lasted, and how long it can last. */
export interface FaultTime {
  readonly isFailing: boolean;
  readonly lastedMs: number;
  readonly limitMs: number;
}

interface PodFault {
  readonly check: CheckName;
  readonly affected: readonly AffectedPod[];
  /** So many pods of the baseline were like that too: they are not counted. */
  readonly tolerated?: number | undefined;
  /** Whether the node of a single pod can be to blame as well: then it takes a second pod. */
  readonly needsSecondPod?: boolean | undefined;
  /** Whether it is suspicious while it is pending; where a second pod is needed, it is not. */
  readonly isSuspicious?: boolean | undefined;
  readonly describe: (affected: readonly AffectedPod[], time: FaultTime) => Description;
}

/**
 * The finding about affected pods: healthy while they are few, else pending or failing as a whole. While nodes are
 * lost it stays pending: the pods can be well by now.
 */
export function findingOfPods(rollout: Rollout, now: number, fault: PodFault): Finding {
  const { check, affected, tolerated = 0, needsSecondPod = false, isSuspicious = false, describe } = fault;
  const { pods } = rollout;
  const beyond = affected.slice(tolerated);
  if (!isMajority(beyond, pods.slice(tolerated))) return healthy(check);
  const count = pods.length - tolerated;
  const sinceAts = affected.map((one) => one.sinceAt);
  const untilAts = affected.map((one) => one.untilAt).sort((a, b) => a - b);
  const sinceAt = widespreadSince(sinceAts, count);
  const deadlineMs = rollout.workload.progressDeadlineSeconds * 1_000;
  const isAlone = needsSecondPod && isOneOfMany(rollout);
  const aloneUntilAt = isAlone ? rollout.startedAt + deadlineMs : 0;
  const untilAt = Math.max(
    widespreadSince(untilAts.slice(tolerated), count),
    nodesReportAgainAt(rollout),
    aloneUntilAt,
  );
  const described = {
    sinceAt,
    ...describe(affected, { isFailing: now >= untilAt, lastedMs: now - sinceAt, limitMs: untilAt - sinceAt }),
    pods: affected.map(({ pod }) => pod),
    restsOn: groundsIn(rollout, "pods"),
    ...(isSuspicious && !isAlone && { isSuspicious }),
  };
  return lasting(check, described, untilAt, now);
}

/** Where so many pods are wanted, a single one says as much about its node as about the release. */
const MANY = 5;

/**
 * There is one pod of the release yet, or all of its pods are on one node, of which no ready pod of the workload says that it
 * works; and the old ones serve.
 */
function isOneOfMany(rollout: Rollout): boolean {
  const { pods, wanted } = rollout;
  if (wanted < MANY || losesService(rollout)) return false;
  return pods.length === 1 || areOnUnprovenNode(rollout);
}

function areOnUnprovenNode({ pods, snapshot }: Rollout): boolean {
  const [node, ...others] = new Set(pods.map((pod) => pod.node));
  if (node === undefined || others.length > 0) return false;
  return !snapshot.pods.some((pod) => pod.node === node && pod.isReady);
}

/** How many of so many pods were unready in the baseline too, by design: active/passive applications. */
export function toleratedUnready({ before, pods, workload, wanted }: Rollout): number {
  const unready = Math.round(wanted * (1 - (before?.readyPercent ?? 100) / 100));
  // When no old pod is left, one of the new ones has to be ready.
  const isAlone = workload.replicas <= pods.length;
  return Math.max(0, Math.min(unready, isAlone ? pods.length - 1 : pods.length));
}

/** What a fault rests on: its own grounds, and the endpoints where it is urgent because service is lost. */
export function groundsIn({ loss }: Rollout, ...own: readonly Ground[]): readonly Ground[] {
  return GROUNDS.filter((ground) => own.includes(ground) || (ground === "endpoints" && loss.share > 0));
}

/** "2 of 3 pods" for sentences. */
export function podShare(affected: readonly unknown[], rollout: Rollout): string {
  return `${affected.length} of ${rollout.pods.length} ${rollout.pods.length === 1 ? "pod" : "pods"}`;
}

/** The most frequent of some words; the first of equals. */
export function mostFrequent<T extends string>(words: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** What the failing probes of the pods say most often, as far as Events tell. */
export function lastWordOfProbes(rollout: Rollout, affected: readonly AffectedPod[]): string | undefined {
  const { events } = rollout.snapshot;
  return mostFrequent(affected.flatMap(({ pod }) => probeFailureOf(pod, events)?.message ?? []));
}

/** At most this many lines of evidence a finding. */
const EVIDENCE_LIMIT = 6;
/** Bytes of one line of evidence, here and in Incidents. */
export const EVIDENCE_BYTES = 500;

/** Evidence lines without repetition, cut to a bearable number and length. */
function evidenceOf(lines: readonly (string | undefined)[]): readonly string[] {
  const distinct = [...new Set(lines.filter((line): line is string => line !== undefined && line !== ""))];
  return distinct.slice(0, EVIDENCE_LIMIT).map((line) => shortText(line, EVIDENCE_BYTES));
}

/** The Warning Events about a pod with one of these reasons, as evidence, newest first. */
export function eventsAbout(rollout: Rollout, uid: string, reasons: readonly string[]): readonly string[] {
  return rollout.snapshot.events
    .filter((event) => event.involved.uid === uid && reasons.includes(event.reason))
    .sort((a, b) => b.lastAt - a.lastAt)
    .map(
      (event) =>
        `Event ${event.reason}${event.count > 1 ? ` (×${event.count})` : ""} on ${event.involved.name}: ${event.message}`,
    );
}

/** A finding's reason and words. */
export function fault(
  reason: FindingReason,
  message: string,
  evidence: readonly (string | undefined)[],
): Description {
  return { reason, message, evidence: evidenceOf(evidence) };
}
