// Can a node be drained?
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type Manifest, titleOf } from "../manifest.ts";
import { fewestReplicas, podsOf } from "../rollout-plan.ts";
import type { Workload } from "../workload.ts";

export const disruptionBudget: LintRule = {
  id: "disruption-budget",
  severity: "warning",
  meaning: "A PodDisruptionBudget allows no disruption: nodes with these pods cannot be drained",
  advice:
    "When a budget keeps every replica, `kubectl drain`, node upgrades and cluster autoscalers wait without end. Pods that two budgets select cannot be evicted at all.",
  *run(inventory) {
    const seen = new Map<Workload, Manifest[]>();
    for (const budget of inventory.ofKind("policy", "PodDisruptionBudget")) {
      const workloads = selectedBy(budget, inventory);
      yield* judge(budget, workloads, inventory);
      const shared = new Map<Manifest, Workload>();
      for (const workload of workloads) {
        const earlier = seen.get(workload) ?? [];
        for (const other of earlier) if (!shared.has(other)) shared.set(other, workload);
        seen.set(workload, [...earlier, budget]);
      }
      for (const [other, both] of shared) yield* overlap(budget, other, both);
    }
  },
};

function* judge(budget: Manifest, workloads: readonly Workload[], inventory: Inventory): Iterable<Problem> {
  const spec = budget.root.at("spec");
  const replicas = workloads.reduce((sum, workload) => sum + fewestReplicas(workload, inventory), 0);
  const [least, most] = [spec.at("minAvailable"), spec.at("maxUnavailable")];
  const field = isNothing(most.value) ? most : least;
  const isAll =
    least.value === "100%" || (replicas > 0 && (podsOf(least, replicas, Math.ceil) ?? 0) >= replicas);
  if (!isNothing(most.value) && !(least.isThere && isAll)) return;
  const pods =
    workloads.length === 0 ? "its pods" : `the pods of ${workloads.map(({ title }) => title).join(", ")}`;
  const why =
    field === most
      ? `maxUnavailable is ${most.shown}`
      : `minAvailable is ${least.shown}${replicas > 0 ? ` of ${replicas}` : ""}`;
  yield {
    manifest: budget,
    field,
    message: `${titleOf(budget)} allows no disruption of ${pods} (${why}): a node that runs one cannot be drained.`,
    fix: `Write \`maxUnavailable: 1\` instead${replicas === 1 ? ", and two replicas if the service must stay available" : ""}.`,
  };
}

function* overlap(budget: Manifest, other: Manifest, both: Workload): Iterable<Problem> {
  if (other.name === budget.name) return;
  yield {
    manifest: budget,
    field: budget.root.at("spec", "selector"),
    message: `${titleOf(budget)} and ${titleOf(other)} both select the pods of ${both.title}: Kubernetes refuses to evict pods that have two budgets.`,
    fix: "Remove one of them, or make their selectors exclude each other.",
  };
}

function isNothing(value: unknown): boolean {
  return value === 0 || value === "0%";
}

/** What has replicas that a budget counts. */
function selectedBy(budget: Manifest, inventory: Inventory): readonly Workload[] {
  const selector = budget.root.at("spec", "selector");
  if (!selector.isThere) return [];
  return inventory
    .selectedBy(selector, budget)
    .filter(({ manifest, isBatch }) => !isBatch && !["DaemonSet", "Pod"].includes(manifest.kind));
}
