// The key of what is found by a uid.

/** Owners and what Events are about live in the same namespace; a uid named from elsewhere means nothing. */
export function uidKey(namespace: string, uid: string): string {
  return `${namespace}/${uid}`;
}
