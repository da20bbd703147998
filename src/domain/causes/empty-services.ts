// The bound Services that have no endpoint now. Pure.
import type { ServiceView } from "../snapshot/service.ts";
import type { Case } from "./cause.ts";

export function emptyServices({ rollout }: Case): readonly ServiceView[] {
  return rollout.services.filter(({ readyEndpoints }) => readyEndpoints === 0);
}
