// Freezing what the caches hand out: a snapshot must not be able to change the cache it came from.

/** Freezes a plain value and all that it holds, and returns it. What is frozen already is trusted to be so in depth. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
