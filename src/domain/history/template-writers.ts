// Who has written into a workload's pod template, by its managed fields. Pure.
import { FIELD_MANAGERS } from "../../api/group.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

/** Managed fields have times of whole seconds, by the API server's clock. */
const CLOCKS_MS = 2_000;

/** Who else has written into the template since that rollback was sent (epoch ms), the last one first. */
export function writersSince({ templateManagers }: WorkloadView, sentAt: number): readonly string[] {
  return templateManagers
    .filter(({ name, at }) => !FIELD_MANAGERS.has(name) && at >= sentAt - CLOCKS_MS)
    .map(({ name }) => name);
}
