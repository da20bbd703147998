// The key of a guard: what the queue holds and the caches announce.

/** "namespace/name". */
export type GuardKey = `${string}/${string}`;

/** The key of the guard of that namespace and name. */
export function guardKey(namespace: string, name: string): GuardKey {
  return `${namespace}/${name}`;
}

/** The inverse of `guardKey`; a namespace holds no slash. */
export function parseGuardKey(key: GuardKey): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
