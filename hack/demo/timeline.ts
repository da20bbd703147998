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
  const entries = [
    ...newsOfPods(before, after),
    ...newsOfGuard(before, after),
    ...after.incidents.flatMap((incident) => {
      const { name } = incident.metadata;
      const known = before.incidents.find(({ metadata }) => metadata.name === name);
      return newsOfIncident(known, incident, application);
    }),
  ];
  // The operator's clock may be a moment off the cluster's: what was seen now happened since the look before.
  const between = (at: number) => Math.min(after.at, Math.max(before.at, at));
  return entries.map((news) => ({ ...news, at: between(news.at) })).sort((a, b) => a.at - b.at);
}

/** What is told of the Service's ready endpoints when their number has changed. */
export function newsOfEndpoints(at: number, service: string, from: number, to: number): News {
  const text = `ready endpoints of Service ${service}: ${from} → ${to}${to === 0 ? ", nobody answers" : ""}`;
  return { at, who: "cluster", mood: to < from ? "bad" : "good", text, topic: "endpoints" };
}

/** News of the cluster carry the time of the look before: so they come ahead of what the operator makes of them. */
function newsOfPods({ at, newest: was, probeFailure }: Sight, after: Sight): News[] {
  const { newest, wanted } = after;
  if (newest === undefined) return [];
  const isNew = was?.hash !== newest.hash;
  const before = isNew ? { running: 0, ready: 0, failures: newest.failures } : was;
  const news: News[] = [];
  const tell = (mood: TimelineEntry["mood"], text: string, topic?: News["topic"]) =>
    news.push({ at, who: "cluster", mood, text, topic });
  if (isNew) tell("neutral", `the Deployment rolls out revision ${newest.hash}, ${newest.image}`);
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

function newsOfIncident(
  before: IncidentObject | undefined,
  { metadata, spec, status }: IncidentObject,
  application: string,
): News[] {
  const news: News[] = [];
  const tell = (at: string, mood: TimelineEntry["mood"], text: string) =>
    news.push({ at: Date.parse(at), who: "operator", mood, text });
  if (before === undefined) tell(spec.detectedAt, "decision", `${spec.reason}: ${spec.message}`);
  if (status?.brake && status.brake.reason !== before?.status?.brake?.reason) {
    const since = status.timeline.at(-1)?.at ?? spec.detectedAt;
    tell(since, "bad", `nothing is done, ${status.brake.reason}: ${status.brake.message}`);
  }
  if (status?.rollback && !before?.status?.rollback) {
    const { from, to, startedAt } = status.rollback;
    const image = spec.restoreRevision?.images[0] ?? "";
    const text = `patches Deployment ${application} back from ${from} to ${to}, ${image}, and verifies`;
    tell(startedAt, "decision", text);
  }
  if (status?.endedAt && !before?.status?.endedAt) {
    const mood = status.phase === "Recovered" ? "good" : "bad";
    tell(status.endedAt, mood, `${status.phase}: ${status.message} (Incident ${metadata.name})`);
  }
  return news;
}

function timesOf(failures: number): string {
  return failures === 1 ? "" : ` again, ${failures} times now`;
}
