// One guard in full, for people: its Deployment, each revision and Service, and what it waits for.
import type { RevisionReference } from "../../../api/revision-reference.ts";
import type { GuardReport, RevisionReport } from "../../../reports/report-types.ts";
import { shortImage } from "../../../reports/text/image-text.ts";
import { ageText, momentText, spanText } from "../../../reports/text/moments.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { type PagePart, pageText } from "../../text/labelled-page.ts";
import { PHASE_COLOURS } from "../../text/phase-colours.ts";
import { tableText } from "../../text/table.ts";

type Look = Pick<Terminal, "columns" | "hasColours" | "isWatched">;

export function guardPage(report: GuardReport, look: Look, isWide: boolean): string {
  const paint = painter(look);
  const { name, namespace, target, mode, phase, reason, message } = report;
  const title = `${paint("bold", name)} in ${namespace} guards Deployment ${target || "(spec.target names none)"}${
    mode ? `, mode ${mode}` : ""
  }`;
  const parts: PagePart[] = [
    { label: "Phase", says: [`${paint(PHASE_COLOURS[phase], phase)}: ${reason}`, message] },
    { label: "Running", says: running(report) },
    { label: "Good", says: good(report) },
    { label: "Pods", says: pods(report) },
    { label: "Services", says: services(report) },
    { label: "Findings", says: findings(report) },
    { label: "Checks", says: checks(report) },
    { label: "Waiting for", says: waitsFor(report) },
    { label: "Held by", says: report.brake ? [`${report.brake.reason}: ${report.brake.message}`] : [] },
    { label: "Risks", says: report.risks.map((risk) => `- ${risk}`) },
    { label: "Incidents", says: incidents(report) },
  ];
  const page = pageText(title, parts, look);
  return report.revisions.length === 0 ? page : `${page}\n${revisionTable(report, look, isWide)}`;
}

function running({ running: current, seenAt }: GuardReport): readonly string[] {
  if (!current) return [];
  const now = Date.parse(seenAt);
  const since = Date.parse(current.since);
  const completed =
    current.completedAt === undefined
      ? "not complete yet"
      : `complete after ${spanText(Date.parse(current.completedAt) - since)}`;
  return [
    `${naming(current)}`,
    `rollout started at ${momentText(since, now)} (${ageText(since, now)} ago), ${completed}`,
  ];
}

function good({ good: reference, running: current }: GuardReport): readonly string[] {
  if (!current) return [];
  if (!reference) return ["no good revision to roll back to"];
  if (reference.hash === current.hash) return ["the running revision"];
  return [`${naming(reference)}; a rollback restores it`];
}

function naming({ images, revision, hash }: RevisionReference): string {
  return `${images.map(shortImage).join(", ")}, revision ${revision} (${hash})`;
}

function pods({ replicas }: GuardReport): readonly string[] {
  if (!replicas) return [];
  const { desired, updated, ready, available } = replicas;
  return [`${desired} desired: ${updated} updated, ${ready} ready, ${available} available`];
}

function services({ services: bound }: GuardReport): readonly string[] {
  return bound.map(
    ({ name, readyEndpoints }) =>
      `${name}: ${readyEndpoints} ready ${readyEndpoints === 1 ? "endpoint" : "endpoints"}`,
  );
}

function findings({ findings: found, unknown, seenAt, phase }: GuardReport): readonly string[] {
  if (found.length + unknown.length === 0) {
    return JUDGING.has(phase) ? ["no check finds a problem"] : [];
  }
  const now = Date.parse(seenAt);
  const reported = found.map(({ verdict, reason, message, since }) => {
    const age = verdict === "failing" ? ` since ${momentText(Date.parse(since), now)}` : "";
    return `- ${reason}, ${verdict}${age}: ${message}`;
  });
  return [...reported, ...unknown.map(({ check, message }) => `- ${check}, unknown: ${message}`)];
}

/** What metric and HTTP checks measured last. */
function checks({ checks: known = [], seenAt }: GuardReport): readonly string[] {
  const now = Date.parse(seenAt);
  return known.map(
    ({ name, state, message, at }) => `- ${name}, ${state}: ${message} (${ageText(Date.parse(at), now)} ago)`,
  );
}

/** Where the checks are made. */
const JUDGING: ReadonlySet<GuardReport["phase"]> = new Set(["Progressing", "Baking"]);

function waitsFor({ findings: found, phase, nextCheckAt, seenAt, brake }: GuardReport): readonly string[] {
  const now = Date.parse(seenAt);
  const left = (until: string) => spanText(Date.parse(until) - now);
  const pending = found.flatMap(({ verdict, reason, since, until, isFirstSeen }) => {
    if (verdict !== "pending") return [];
    if (until === undefined) return `${reason}: fails if it happens again`;
    const span = spanText(Date.parse(until) - Date.parse(since));
    if (isFirstSeen) return `${reason}: first seen now; fails after ${span}`;
    return `${reason} for ${spanText(now - Date.parse(since))} of ${span}: fails in ${left(until)}`;
  });
  if (pending.length > 0) return pending;
  if (phase === "RollingBack") return ["the Services to recover"];
  if (brake?.until !== undefined) return [`${brake.reason} to end in ${left(brake.until)}`];
  if (phase === "Baking" && nextCheckAt !== undefined) {
    return [`the end of the bake time in ${left(nextCheckAt)}; then the revision is good`];
  }
  return phase === "Progressing" ? ["all pods to become available"] : [];
}

function incidents({ openIncident, lastIncident, namespace, seenAt }: GuardReport): readonly string[] {
  if (!lastIncident) return ["none"];
  const { name, phase, reason, cause, detectedAt } = lastIncident;
  const now = Date.parse(seenAt);
  const age = ageText(Date.parse(detectedAt), now);
  return [
    `${openIncident === name ? "open: " : ""}${name}, ${age} ago, ${phase}: ${reason}${cause && cause !== "Unknown" ? `, ${cause}` : ""}`,
    `kubectl rolloutguard incidents ${name} -n ${namespace}`,
  ];
}

function revisionTable(
  { revisions, running: current, seenAt }: GuardReport,
  look: Look,
  isWide: boolean,
): string {
  const paint = painter(look);
  const now = Date.parse(seenAt);
  const colours = { good: "green", bad: "red", unknown: "yellow" } as const;
  return tableText<RevisionReport>(
    [
      {
        title: "REVISION",
        of: ({ revision, hash }) => `${revision}${hash === current?.hash ? " (running)" : ""}`,
      },
      {
        title: "VERDICT",
        of: ({ verdict }) => verdict,
        paint: (text, { verdict }) => paint(colours[verdict], text),
      },
      { title: "SINCE", of: ({ since }) => (since ? ageText(Date.parse(since), now) : "-") },
      { title: "PODS", of: ({ pods: count, readyPods }) => (count === 0 ? "-" : `${readyPods}/${count}`) },
      { title: "IMAGES", of: ({ images }) => images.map(isWide ? String : shortImage).join(",") },
      { title: "HASH", of: ({ hash }) => hash, isSpare: true },
      { title: "WHY", of: ({ because }) => because ?? "", isSpare: true },
    ],
    revisions,
    look,
  );
}
