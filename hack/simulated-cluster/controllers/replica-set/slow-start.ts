// Many calls that may all fail for the same reason: a few at first, twice as many each time that they succeed. Pure.

/**
 * Makes up to `count` calls in batches of 1, 2, 4 …, as the ReplicaSet controller creates pods. The batch in which one
 * fails is finished and is the last. Returns the first failure.
 */
export function slowStart<Failure>(count: number, call: () => Failure | undefined): Failure | undefined {
  let left = count;
  for (let size = Math.min(1, left); size > 0; size = Math.min(2 * size, left)) {
    let failure: Failure | undefined;
    for (let i = 0; i < size; i++) {
      const result = call();
      failure ??= result;
    }
    if (failure !== undefined) return failure;
    left -= size;
  }
  return undefined;
}
