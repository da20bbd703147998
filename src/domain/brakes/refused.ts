// The API server has refused this very rollback. Pure.
import type { BrakeRule } from "./brake-rule.ts";

export const refused: BrakeRule = ({ snapshot, workload, revision, restore }, _headline, now) => {
  const { refusal } = snapshot.surroundings;
  const isAboutThis =
    refusal?.uid === workload.uid &&
    refusal.from === revision.hash &&
    "revision" in restore &&
    refusal.to === restore.revision.hash;
  if (!isAboutThis || now >= refusal.retryAt) return undefined;
  return {
    reason: "Refused",
    message: `The API server refuses the rollback; RolloutGuard retries it: ${refusal.why}`,
    untilAt: refusal.retryAt,
  };
};
