// The rules of each kind of workload, in one table. Pure.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import { deploymentRules } from "./deployment.ts";
import type { WorkloadRules } from "./workload-rules.ts";

const RULES: Readonly<Record<WorkloadKind, WorkloadRules>> = {
  Deployment: deploymentRules,
};

/** What holds for workloads of that kind. */
export function rulesOf({ kind }: { readonly kind: WorkloadKind }): WorkloadRules {
  return RULES[kind];
}
