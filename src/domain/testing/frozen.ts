// Freezing in depth: a decision that changed what it was given would throw.

/** The value itself, frozen with all that it holds. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
