// Has its controller seen the workload as it is now? Pure.
import type { WorkloadView } from "../snapshot/workload.ts";

/** Until it has, counts and conditions speak of the template before. The same for every kind of workload. */
export function isObserved({ observedGeneration, generation }: WorkloadView): boolean {
  return observedGeneration >= generation;
}
