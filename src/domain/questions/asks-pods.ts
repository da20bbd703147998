// Whether a guard has checks that ask its pods. Pure.
import { PODS_SOURCE } from "../../api/metric-check.ts";
import type { GuardView } from "../snapshot/guard.ts";

/** Whether any check of the guard sends requests to pods. */
export function asksPods({ spec }: Pick<GuardView, "spec">): boolean {
  if (!("valid" in spec)) return false;
  const { metrics = [], http = [] } = spec.valid.checks;
  return http.length > 0 || metrics.some(({ source }) => source === PODS_SOURCE);
}
