// Which Services are known to have served the workload. Pure.
import type { GuardView } from "../snapshot/guard.ts";

/** The names of the Services that the guard's spec lists, and then of those that its status remembers. */
export function knownServices({ spec, status }: Pick<GuardView, "spec" | "status">): ReadonlySet<string> {
  return new Set([
    ...("valid" in spec ? (spec.valid.services ?? []) : []),
    ...(status.services ?? []).map(({ name }) => name),
  ]);
}
