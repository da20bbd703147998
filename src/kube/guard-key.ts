// The key of a guard, "namespace/name": what the queue holds and the caches announce.

export type GuardKey = `${string}/${string}`;

export function guardKey(namespace: string, name: string): GuardKey {
  return `${namespace}/${name}`;
}

export function parseGuardKey(key: GuardKey): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
