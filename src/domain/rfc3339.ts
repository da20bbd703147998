// Instants as Kubernetes writes them. Pure.

/** Epoch ms in UTC. Whole seconds would lose the order of what happens within one, so milliseconds stay. */
export function rfc3339(at: number): string {
  return new Date(at).toISOString();
}
