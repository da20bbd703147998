// The bound Services that have no endpoint now, or are losing those that they have. Pure.
import { foreseenLosses } from "../rollout/foreseen.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Case } from "./cause.ts";

export function emptyServices({ rollout }: Case): readonly ServiceView[] {
  const losing = foreseenLosses(rollout).map(({ service }) => service);
  return [...rollout.services.filter(({ readyEndpoints }) => readyEndpoints === 0), ...losing];
}
