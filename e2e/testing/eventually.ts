// How tests wait: for a state, not for a time, and longer than a busy machine needs.

export type Found<T> = T | undefined | false;

/** Resolves with what `find` finds, as soon as it finds something. Rejects with `what` when that takes too long. */
export type Eventually = <T>(what: () => string, find: () => Found<T>) => Promise<T>;

/**
 * Waits by `wait`, which resolves with undefined after `withinMs` of the cluster's time: when any machine would have come
 * so far.
 */
export function waitingBy(
  wait: <T>(find: () => Found<T>, withinMs: number) => Promise<T | undefined>,
  withinMs: number,
): Eventually {
  return async (what, find) => {
    const found = await wait(find, withinMs);
    if (found === undefined) throw new Error(`not within ${withinMs / 1_000} s of the cluster: ${what()}`);
    return found;
  };
}

/** What `find` finds, asked every so many ms (real time) until it finds something. Undefined when that is over before. */
export async function poll<T>(
  find: () => Found<T> | Promise<Found<T>>,
  everyMs: number,
  isOver: () => boolean,
): Promise<T | undefined> {
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (isOver()) return undefined;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
