// What an Incident tells, whichever version wrote it: reports and post-mortems take it from here. Pure.
import { CAUSES, type CauseClass, causePage, DOCUMENTATION_BASE } from "../api/causes.ts";
import { type IncidentPhase, isManual, isOpen, phaseOf, type TimelineEntry } from "../api/incident.ts";
import { undoStep } from "../api/incident-step.ts";
import type { RevisionReference } from "../api/revision-reference.ts";
import { nameRevision } from "../domain/history/revisions.ts";
import type { IncidentView } from "../domain/snapshot/incident.ts";

export interface IncidentFacts {
  readonly name: string;
  readonly target: string;
  readonly phase: IncidentPhase;
  readonly isOpen: boolean;
  /** A person asked for the rollback. */
  readonly isManual: boolean;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly detectedAt: number;
  /** When the earliest of what the checks found began. */
  readonly firstSignAt: number;
  readonly rolledBackAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly cause?: CauseFacts | undefined;
  /** What callers lost: missing ready endpoints times seconds, as far as it was observed. */
  readonly lostEndpointSeconds?: number | undefined;
  /** What else is wrong, a sentence each. */
  readonly furtherCauses: readonly string[];
  /** What would have to be changed for those, with commands, where that is known. */
  readonly furtherRemedies: readonly { readonly remedy: string; readonly patch?: string | undefined }[];
  readonly evidence: readonly string[];
  readonly changes: readonly string[];
  readonly timeline: readonly TimelineEntry[];
  /** What the failing container wrote last, where that was asked for. */
  readonly lastWords?: LastWords | undefined;
}

interface LastWords {
  /** "container app of pod shop-596f7cbf4b-x2x7q", as far as it is known. */
  readonly of: string;
  readonly lines: readonly string[];
  /** Why there are none. */
  readonly missing?: string | undefined;
}

interface CauseFacts {
  readonly class?: CauseClass | undefined;
  readonly certainty?: string | undefined;
  readonly message: string;
  readonly remedy?: string | undefined;
  readonly patch?: string | undefined;
}

export function factsOf(incident: IncidentView): IncidentFacts {
  const { name, spec, status } = incident;
  const startedAt = Date.parse(spec.rolloutStartedAt);
  const detectedAt = Date.parse(spec.detectedAt);
  const sinces = spec.findings.map(({ since }) => Date.parse(since)).filter((at) => at >= startedAt);
  const [, ...others] = spec.causes ?? [];
  return {
    name,
    target: spec.target.name,
    phase: phaseOf(incident),
    isOpen: isOpen(incident),
    isManual: isManual(incident),
    startedAt,
    detectedAt,
    firstSignAt: Math.min(detectedAt, ...sinces),
    rolledBackAt: instantOf(undoStep(status)?.startedAt),
    endedAt: instantOf(status?.endedAt),
    lostEndpointSeconds: status?.lostEndpointSeconds,
    cause: causeOf(incident),
    furtherCauses: status?.furtherCauses ?? others.map((other) => `${other.class}: ${other.message}`),
    furtherRemedies: others.map(({ remedy, patch }) => ({ remedy, patch })),
    evidence: evidenceOf(incident),
    changes: status?.changes ?? [],
    timeline: status?.timeline ?? [],
    lastWords: lastWordsOf(incident),
  };
}

function lastWordsOf({ spec: { lastWords } }: IncidentView): LastWords | undefined {
  if (lastWords === undefined) return undefined;
  const { pod, container, lines, missing } = lastWords;
  const of = [container && `container ${container}`, pod && `pod ${pod}`].filter(Boolean).join(" of ");
  return { of: of || "the container", lines, missing };
}

/** The status repeats what was known at the opening; before its first write the spec alone says it. */
function causeOf({ spec, status }: IncidentView): CauseFacts | undefined {
  const [first] = spec.causes ?? [];
  const message = status?.rootCause ?? first?.message;
  if (message === undefined) return undefined;
  return {
    class: status?.cause ?? first?.class,
    certainty: status?.certainty ?? first?.certainty,
    message,
    remedy: status?.remedy ?? first?.remedy,
    patch: status?.patch ?? first?.patch,
  };
}

/** A pod's uid, as the kubelet adds it to its messages. */
const POD_UID = /_[a-z0-9-]+\([0-9a-f-]{36}\)/g;
/** What differs from pod to pod: the end of its name, its address, how often an Event came. */
const OF_ONE_POD = /-[a-z0-9]{5}\b|\d+\.\d+\.\d+\.\d+|\(×\d+\)/g;

/** The quotations for the cause, then for the findings; what was seen of many pods alike is quoted once. */
function evidenceOf({ spec }: IncidentView): readonly string[] {
  const quoted = [spec.causes?.[0]?.evidence ?? [], ...spec.findings.map(({ evidence }) => evidence)].flat();
  const kinds = new Map<string, string>();
  for (const line of quoted) {
    const text = line.replace(POD_UID, "").replace(/\s+/g, " ").trim();
    const kind = text.replace(OF_ONE_POD, "…");
    if (!kinds.has(kind)) kinds.set(kind, text);
  }
  return [...kinds.values()];
}

/** "shop:v2 (revision 5 (596f7cbf4b))" as a report names it. */
export function releaseName(revision: RevisionReference): string {
  const images = revision.images.join(", ");
  return images === "" ? nameRevision(revision) : `${images}, ${nameRevision(revision)}`;
}

/** Where a class of causes is explained. */
export function causeLink(cause: CauseClass | undefined): string | undefined {
  return cause === undefined || cause === "Unknown" ? undefined : `${DOCUMENTATION_BASE}/${causePage(cause)}`;
}

/** What a class means, in a sentence. */
export function causeMeaning(cause: CauseClass | undefined): string | undefined {
  return cause && CAUSES[cause];
}

function instantOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
