// What has happened between two looks at an application, as lines for a reader. Pure.
import type { IncidentObject, Sight } from "./sight.ts";

export interface TimelineEntry {
  /** Epoch ms of the cluster. */
  readonly at: number;
  readonly who: "you" | "cluster" | "operator";
  /** How a reader should take it. */
  readonly mood: "neutral" | "bad" | "good" | "decision";
  readonly text: string;
}

/** An entry that the next one on the same topic overtakes, unless it has lasted for a while. */
export interface News extends TimelineEntry {
  readonly topic?: "pods" | "endpoints" | undefined;
}

/** The news since the look before, oldest first. The topic endpoints is left to {@link newsOfEndpoints}. */
export function newsBetween(before: Sight, after: Sight, application: string): readonly News[] {
  // The operator's clock may be a moment off the cluster's: what is seen now happened since the look before.
  const between = (at: string) => Math.min(after.at, Math.max(before.at, Date.parse(at)));
  const patch = newsOfPatch(before, after, application, between);
  const entries = [
    ...after.incidents.flatMap((incident) => {
      const { name } = incident.metadata;
      const known = before.incidents.find(({ metadata }) => metadata.name === name);
      return newsOfIncident(known, incident, between);
    }),
    ...patch,
    // The cluster's news come ahead of what the operator makes of them, and after what it did.
    ...newsOfPods(before, after, patch[0]?.at ?? before.at),
    ...newsOfGuard(before, after),
  ];
  return entries.sort((a, b) => a.at - b.at);
}

/** What is told of the Service's ready endpoints when their number has changed. */
export function newsOfEndpoints(at: number, service: string, from: number, to: number): News {
  const text = `ready endpoints of Service ${service}: ${from} → ${to}${to === 0 ? ", no pod receives traffic" : ""}`;
  return { at, who: "cluster", mood: to < from ? "bad" : "good", text, topic: "endpoints" };
}

function newsOfPods({ newest: was, probeFailure }: Sight, after: Sight, at: number): News[] {
  const { newest, wanted } = after;
  if (newest === undefined) return [];
  const isNew = was?.hash !== newest.hash;
  const before = isNew ? { running: 0, ready: 0, failures: newest.failures } : was;
  const news: News[] = [];
  const tell = (mood: TimelineEntry["mood"], text: string, topic?: News["topic"]) =>
    news.push({ at, who: "cluster", mood, text, topic });
  if (isNew) tell("neutral", `the Deployment starts to roll out revision ${newest.hash}, ${newest.image}`);
  if (newest.failures > before.failures) {
    const exit = newest.lastExit ? `, ${newest.lastExit}` : "";
    tell("bad", `a container failed${timesOf(newest.failures)}${exit}`);
  }
  if (newest.ready > before.ready && newest.failures === 0) {
    const mood = newest.ready === wanted ? "good" : "neutral";
    tell(mood, `${newest.ready} of ${wanted} pods of ${newest.image} are ready`, "pods");
  } else if (newest.running > before.running && newest.ready === 0) {
    const pods = newest.running === 1 ? "1 pod" : `${newest.running} pods`;
    tell("neutral", `${pods} of ${newest.image} running, none ready`, "pods");
  }
  if (after.probeFailure !== undefined && probeFailure === undefined) tell("bad", after.probeFailure);
  return news;
}

/** The guard's own words, as long as it has no Incident to tell. That a rollout goes on is no news. */
function newsOfGuard(before: Sight, { at, guard, incidents }: Sight): News[] {
  if (guard === undefined || guard.reason === before.guard?.reason || incidents.length > 0) return [];
  if (guard.reason === "RolloutProgressing") return [];
  const mood = guard.reason === "RolloutGood" ? "good" : "neutral";
  return [{ at, who: "operator", mood, text: `${guard.reason}: ${guard.message}` }];
}

/** The rollback itself, as the Deployment shows it: the Incident says so a moment later. */
function newsOfPatch(
  before: Sight,
  { rolledBackAt, incidents }: Sight,
  application: string,
  between: (at: string) => number,
): News[] {
  if (rolledBackAt === undefined || rolledBackAt === before.rolledBackAt) return [];
  const { failedRevision, restoreRevision } = incidents.at(-1)?.spec ?? {};
  const text =
    `rolls Deployment ${application} back from ${failedRevision?.hash ?? "its template"} ` +
    `to ${restoreRevision?.hash ?? "an older one"}, ${restoreRevision?.images[0] ?? ""}, and verifies the rollback`;
  return [{ at: between(rolledBackAt), who: "operator", mood: "decision", text }];
}

function newsOfIncident(
  before: IncidentObject | undefined,
  { metadata, spec, status }: IncidentObject,
  between: (at: string) => number,
): News[] {
  const news: News[] = [];
  const tell = (at: string, mood: TimelineEntry["mood"], text: string) =>
    news.push({ at: between(at), who: "operator", mood, text });
  if (before === undefined) tell(spec.detectedAt, "decision", `${spec.reason}: ${spec.message}`);
  if (status?.brake && status.brake.reason !== before?.status?.brake?.reason) {
    const since = status.timeline.at(-1)?.at ?? spec.detectedAt;
    tell(since, "bad", `no rollback, ${status.brake.reason}: ${status.brake.message}`);
  }
  if (status?.endedAt && !before?.status?.endedAt) {
    const mood = status.phase === "Recovered" ? "good" : "bad";
    tell(status.endedAt, mood, `${status.phase}: ${status.message} (Incident ${metadata.name})`);
  }
  return news;
}

function timesOf(failures: number): string {
  return failures === 1 ? "" : ` again (${failures} times so far)`;
}
