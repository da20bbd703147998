// What a reflector does about each failure of its list or watch. Pure: chance is an argument. Nothing is terminal.
import { INSTALL_CRDS } from "../../release.ts";
import { ApiError, ConnectionError } from "../connection/api-error.ts";
import { OversizedLineError } from "../connection/watch-lines.ts";
import { missingRight } from "../missing-right.ts";
import { ServerRestoredError } from "./server-restored.ts";

/** Why a list or watch was begun again. */
export type RestartReason =
  | "closed"
  | "expired"
  | "silent"
  | "throttled"
  | "refused"
  | "network"
  | "restored"
  | "error";

export interface RetryPlan {
  readonly reason: RestartReason;
  /** Before the next try. */
  readonly delayMs: number;
  /** The next try begins with a full list. */
  readonly mustList: boolean;
}

const FIRST_BACK_OFF_MS = 800;
/** Short for a client with eight watches: while one is away no verdict is given, and somebody waits for it. */
const LONGEST_BACK_OFF_MS = 10_000;
/** What only a person can mend (rights, a missing CRD) is tried again at this pace. */
const REFUSED_DELAY_MS = 20_000;
/** A server that asks for more is asked again all the same: a proxy may have made it up. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** After so many failures in a row the resourceVersion itself is under suspicion. */
const FAILURES_BEFORE_LIST = 5;

/**
 * What to do after the `failures`-th failure in a row (1 is the first); an undefined error is a watch that the
 * server closed as soon as it was open. `chance` is in [0, 1). `brokenWatches`: how many watches since the last list
 * were accepted and broke right then.
 */
export function retryPlanFor(error: unknown, failures: number, chance: number, brokenWatches = 0): RetryPlan {
  const delayMs = backOffDelayMs(failures, chance);
  const mustList = failures >= FAILURES_BEFORE_LIST;
  if (error === undefined) return { reason: "closed", delayMs, mustList };
  // An outage says nothing about the resourceVersion, and a list from everybody at its end would prolong it. But where
  // watches are accepted and break again and again, it may be all that they have to catch up with that breaks them.
  if (error instanceof ConnectionError) {
    return { reason: "network", delayMs, mustList: brokenWatches >= FAILURES_BEFORE_LIST };
  }
  if (error instanceof ServerRestoredError) return { reason: "restored", delayMs: 0, mustList: true };
  // The same line would come again after the same resourceVersion, and cost as much again.
  if (error instanceof OversizedLineError) return { reason: "error", delayMs, mustList: true };
  if (!(error instanceof ApiError)) return { reason: "error", delayMs, mustList };
  switch (error.status) {
    case 410:
      // Normal after a long silence, so the first time at once.
      return { reason: "expired", delayMs: failures === 1 ? 0 : delayMs, mustList: true };
    case 429:
    case 503: {
      const askedMs = Math.min(error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
      return { reason: "throttled", delayMs: askedMs + delayMs, mustList: false };
    }
    case 401:
      return { reason: "refused", delayMs, mustList: false };
    case 403:
      return { reason: "refused", delayMs: slowly(chance), mustList: true };
    case 404:
      return { reason: "error", delayMs: slowly(chance), mustList: true };
    default:
      return { reason: "error", delayMs, mustList };
  }
}

/** Full jitter: anything from nothing to 0.8 s doubled with each failure, at most 10 s, so that clients spread. */
export function backOffDelayMs(failures: number, chance: number): number {
  return chance * Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1));
}

function slowly(chance: number): number {
  return REFUSED_DELAY_MS * (1 + chance / 2);
}

/** The failure in a sentence that tells what to do, where something can be done. */
export function adviceOn(error: unknown, resource: string, namespace: string | undefined): string {
  const where = namespace === undefined ? "in the whole cluster" : `in namespace ${namespace}`;
  if (error instanceof ApiError && error.status === 403) {
    const missing =
      missingRight(error) ?? `The API server does not allow RolloutGuard to read ${resource} ${where}`;
    return `${missing}.`;
  }
  if (error instanceof ApiError && error.status === 404) {
    return `The API server does not serve ${resource}. If a CustomResourceDefinition of RolloutGuard is missing, install it: ${INSTALL_CRDS}`;
  }
  if (error instanceof ApiError && error.status === 401) {
    return `The API server rejects RolloutGuard's credentials for reading ${resource} ${where}.`;
  }
  if (error instanceof ServerRestoredError) {
    return "The API server returned to an earlier state, as after a restore from a backup. RolloutGuard reads everything again before it decides.";
  }
  return `Reading ${resource} ${where} failed; retrying.`;
}
