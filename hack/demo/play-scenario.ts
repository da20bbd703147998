// Plays a scenario on the simulated cluster: puts there what is given, does what the person does, watches until it is over.
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { Evidence } from "./outcome.ts";
import { NAMESPACE } from "./scenarios/manifests.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { SettledNews } from "./settled-news.ts";
import { lookAt, type Sight } from "./sight.ts";
import type { TimelineEntry } from "./timeline.ts";

/** How often it looks, in ms of the cluster. */
const LOOK_EVERY_MS = 100;
/** A scenario that is not over by then never will be (ms of the cluster). */
const OVER_WITHIN_MS = 300_000;
/** It stays to see whether anything follows, such as a second rollback (ms of the cluster). */
const STAY_MS = 3_000;

export interface Audience {
  /** Something happened; the second argument is when the person did it (epoch ms of the cluster). */
  tell(entry: TimelineEntry, changedAt: number): void;
  /** How things stand at this moment. */
  follow(sight: Sight, changedAt: number): void;
}

/** Applies what is given of a scenario. */
export function prepare(cluster: SimulatedCluster, { given }: Scenario): void {
  for (const [image, env] of Object.entries(given.images)) cluster.images.set(image, { env });
  for (const manifest of given.manifests) cluster.store.apply(manifest);
}

/** Whether the first revision serves and has earned the word good. */
export function isPrepared(cluster: SimulatedCluster, { given }: Scenario): boolean {
  return isSettled(lookAt(cluster.store, given.application));
}

/** Makes the change and resolves when it has come to an end, or when the time for it is over. */
export async function play(
  cluster: SimulatedCluster,
  { given, when }: Scenario,
  audience: Audience,
): Promise<Evidence> {
  const { application } = given;
  const first = lookAt(cluster.store, application);
  const changedAt = first.at;
  audience.tell({ at: changedAt, who: "you", mood: "neutral", text: when.person }, changedAt);
  cluster.store.apply(when.apply);

  const news = new SettledNews(application, first);
  let sight = first;
  let overSince: number | undefined;
  while (sight.at - changedAt < OVER_WITHIN_MS && sight.at - (overSince ?? sight.at) < STAY_MS) {
    await new Promise<void>((resolve) => cluster.time.after(LOOK_EVERY_MS, resolve));
    sight = lookAt(cluster.store, application);
    for (const entry of news.next(sight)) audience.tell(entry, changedAt);
    audience.follow(sight, changedAt);
    if (overSince === undefined && isOver(first, sight)) overSince = sight.at;
  }
  for (const entry of news.rest()) audience.tell(entry, changedAt);
  const seconds = Math.round(((overSince ?? sight.at) - changedAt) / 1_000);
  return {
    ...evidenceOf(cluster, application, first.newest?.hash ?? ""),
    seconds,
    isOver: overSince !== undefined,
  };
}

/** What the cluster shows of an application now. */
export function evidenceOf(
  cluster: SimulatedCluster,
  application: string,
  firstHash: string,
): Omit<Evidence, "seconds" | "isOver"> {
  const rollbacks = cluster.requests.count(
    ({ verb, resource, namespace, name, status, patched }) =>
      verb === "patch" &&
      // A pause is no rollback.
      patched.includes("/spec/template") &&
      resource === "deployments" &&
      namespace === NAMESPACE &&
      name === application &&
      status === 200,
  );
  return { firstHash, sight: lookAt(cluster.store, application), rollbacks };
}

/** The Incident has ended, or there is none and the new revision counts as good. */
function isOver(first: Sight, sight: Sight): boolean {
  if (sight.incidents.length > 0) {
    return sight.incidents.every(({ status }) => status?.endedAt !== undefined);
  }
  return sight.newest?.hash !== first.newest?.hash && isSettled(sight);
}

function isSettled({ guard, newest, wanted, endpoints }: Sight): boolean {
  return guard?.reason === "RolloutGood" && newest?.ready === wanted && endpoints === wanted;
}
