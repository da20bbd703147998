// The last net under all rules: how many rollbacks of a workload are sent within an hour, whatever was decided. It counts what was
// sent, in this process and by the workload's own annotation, so that no mistake in a decision and no restart gets past it.
import { formatDuration } from "../../api/duration.ts";
import { ApiError, ConflictError, isRefusal } from "../connection/api-error.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { HOUR_MS, recentRollbacks } from "./rollback-times.ts";

/** Twice what a guard allows by default. */
const MOST_IN_AN_HOUR = 6;

const MINUTE_MS = 60_000;

/** A rollback was decided that is not sent. */
export class SafetyStopError extends Error {
  override readonly name = "SafetyStopError";
}

export class SafetyStop {
  /** When rollbacks were sent, by the uid of the workload (epoch ms). */
  readonly #sent = new Map<string, readonly number[]>();
  readonly #stoppedUntil = new Map<string, number>();

  /**
   * Sends the rollback of the workload as it was just read. Rejects with SafetyStopError, and sends nothing, where too many were
   * sent.
   * @param allowedInAnHour what the guard itself allows; more than the net's own number counts
   */
  async send<T>(
    workload: RawObject,
    allowedInAnHour: number,
    now: number,
    patch: () => Promise<T>,
  ): Promise<T> {
    const { uid, namespace, name } = metaOf(workload);
    const most = Math.max(MOST_IN_AN_HOUR, allowedInAnHour);
    const own = (this.#sent.get(uid) ?? []).filter((at) => at > now - HOUR_MS);
    const reported = recentRollbacks(workload, now);
    const sent = own.length >= reported.length ? own : reported;
    const decisive = sent[sent.length - most];
    if (decisive !== undefined) {
      this.#forgetThePast(now);
      this.#stoppedUntil.set(uid, decisive + HOUR_MS);
      throw new SafetyStopError(
        `${namespace}/${name} was rolled back ${sent.length} times within an hour, more than its limits allow. This is a bug in ` +
          `RolloutGuard; please report it. The next rollback is possible in ${formatDuration(wholeMinutes(decisive + HOUR_MS - now))}`,
      );
    }
    try {
      const answer = await patch();
      this.#sent.set(uid, [...own, now]);
      return answer;
    } catch (error) {
      // What was refused changed nothing. Of all else nobody knows.
      const isRefused =
        error instanceof ConflictError ||
        isRefusal(error) ||
        (error instanceof ApiError && error.status < 500);
      if (!isRefused) this.#sent.set(uid, [...own, now]);
      throw error;
    }
  }

  /** Until when no rollback of the workload is sent (epoch ms); undefined: nothing was held back. */
  stoppedUntil(uid: string, now: number): number | undefined {
    const until = this.#stoppedUntil.get(uid);
    return until !== undefined && until > now ? until : undefined;
  }

  #forgetThePast(now: number): void {
    for (const [uid, until] of this.#stoppedUntil) if (until <= now) this.#stoppedUntil.delete(uid);
    for (const [uid, times] of this.#sent) {
      if (times.every((at) => at <= now - HOUR_MS)) this.#sent.delete(uid);
    }
  }
}

function wholeMinutes(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
}
