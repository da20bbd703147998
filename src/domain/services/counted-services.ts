// Which Services count for a guard. Pure.
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** The Services that count for the guard: those that it names; else all that select pods of the workload. */
export function countedServices({
  guard,
  services,
}: Pick<Snapshot, "guard" | "services">): readonly ServiceView[] {
  const named = "valid" in guard.spec ? guard.spec.valid.services : undefined;
  return services.filter(({ name, isExternalName }) => !isExternalName && (named?.includes(name) ?? true));
}
