// Do a namespace's quota and limits leave room for the pods, and for one more during a rollout?
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type Manifest, titleOf } from "../manifest.ts";
import { defaultOf, type Part, partOf, podAmount } from "../pod-resources.ts";
import { quantityOf, quantityText } from "../quantity.ts";
import { fewestReplicas, rolloutPlanOf } from "../rollout-plan.ts";
import type { Workload } from "../workload.ts";

export const resourceQuota: LintRule = {
  id: "resource-quota",
  severity: "warning",
  meaning: "A ResourceQuota refuses pods: they lack what it counts, or there is no room for a rollout",
  advice:
    "Where a quota counts a request or limit, pods without it are refused, unless a LimitRange gives a default. A rolling update needs room for its surge beside all that runs; without it the new pods are refused and the rollout stops.",
  *run(inventory) {
    for (const quota of inventory.ofKind("", "ResourceQuota")) {
      const spec = quota.root.at("spec");
      // Which pods a scope means cannot be seen here.
      if (spec.at("scopes").isThere || spec.at("scopeSelector").isThere) continue;
      const workloads = inventory.otherWorkloads(quota).filter(({ isBatch }) => !isBatch);
      for (const [key, field] of spec.at("hard").entries()) {
        const part = partOf(key);
        const hard = quantityOf(field);
        if (part !== undefined) for (const one of workloads) yield* lacking(quota, part, one, inventory);
        if (hard !== undefined && (part !== undefined || COUNTS_PODS.includes(key))) {
          yield* noRoom(quota, key, part, hard, workloads, inventory);
        }
      }
    }
  },
};

const COUNTS_PODS = ["pods", "count/pods"];

function* lacking(quota: Manifest, part: Part, workload: Workload, inventory: Inventory): Iterable<Problem> {
  const { manifest, title, containers } = workload;
  if (defaultOf(manifest, part, inventory) !== undefined) return;
  const without = containers.filter(({ field }) => {
    const resources = field.at("resources");
    // A limit alone is the request too.
    return !resources.at(part.of, part.resource).isThere && !resources.at("limits", part.resource).isThere;
  });
  const [first] = without;
  if (first === undefined) return;
  const names = without.map(({ name }) => name).join(", ");
  yield {
    manifest,
    field: first.field.at("resources"),
    message: `${titleOf(quota)} counts ${part.of}.${part.resource}, and ${without.length === 1 ? "container" : "containers"} ${names} of ${title} ${without.length === 1 ? "has" : "have"} none: the API server refuses its pods.`,
    fix: `Write \`${part.resource}: …\` into resources.${part.of}, or a LimitRange with a default into the namespace.`,
  };
}

function* noRoom(
  quota: Manifest,
  key: string,
  part: Part | undefined,
  hard: number,
  workloads: readonly Workload[],
  inventory: Inventory,
): Iterable<Problem> {
  const needs = workloads
    .filter(({ manifest }) => manifest.kind !== "DaemonSet")
    .map((workload) => {
      const pod = part === undefined ? 1 : podAmount(workload, part, inventory);
      const replicas = workload.manifest.kind === "Pod" ? 1 : fewestReplicas(workload, inventory);
      return {
        workload,
        atRest: pod * replicas,
        surge: pod * (rolloutPlanOf(workload, inventory)?.surge ?? 0),
      };
    });
  const atRest = needs.reduce((sum, need) => sum + need.atRest, 0);
  const largest = needs.toSorted((a, b) => b.surge - a.surge)[0];
  if (largest === undefined || atRest + largest.surge <= hard) return;
  const resource = part?.resource ?? key;
  const amount = (value: number) => quantityText(value, resource);
  const isFull = atRest > hard;
  yield {
    manifest: quota,
    field: quota.root.at("spec", "hard", key),
    message: isFull
      ? `${titleOf(quota)} allows ${amount(hard)} of ${key}, and the workloads here need ${amount(atRest)}: some pods are refused.`
      : `${titleOf(quota)} allows ${amount(hard)} of ${key}; the workloads here need ${amount(atRest)}, and a rollout of ${largest.workload.title} ${amount(largest.surge)} more: its new pods are refused.`,
    fix: `Write \`${key}: ${amount(Math.max(atRest + largest.surge, hard))}\` or more${isFull ? "" : ", or `maxSurge: 0` with `maxUnavailable: 1` into the Deployment"}.`,
  };
}

export const limitRange: LintRule = {
  id: "limit-range",
  severity: "error",
  meaning: "A container requests more, or less, than the namespace's LimitRange allows: its pods are refused",
  advice:
    "The API server refuses pods outside of a LimitRange's min and max; the workload stays without pods.",
  *run(inventory) {
    for (const range of inventory.ofKind("", "LimitRange")) {
      const limits = range.root
        .at("spec", "limits")
        .items()
        .filter((limit) => limit.at("type").text === "Container");
      for (const workload of inventory.otherWorkloads(range)) {
        for (const limit of limits) yield* outside(range, limit.at("max"), limit.at("min"), workload);
      }
    }
  },
};

function* outside(
  range: Manifest,
  max: Manifest["root"],
  min: Manifest["root"],
  { manifest, title, containers }: Workload,
): Iterable<Problem> {
  for (const { name, field } of containers) {
    for (const resource of ["cpu", "memory"]) {
      const limit = field.at("resources", "limits", resource);
      const written = field.at("resources", "requests", resource);
      const request = written.isThere ? written : limit;
      const [most, least] = [quantityOf(max.at(resource)), quantityOf(min.at(resource))];
      const high = [limit, request].find((one) => most !== undefined && (quantityOf(one) ?? 0) > most);
      const low = [request].find((one) => least !== undefined && (quantityOf(one) ?? least) < least);
      const wrong = high ?? low;
      if (wrong === undefined) continue;
      const bound = high ? `at most ${max.at(resource).shown}` : `at least ${min.at(resource).shown}`;
      yield {
        manifest,
        field: wrong,
        message: `Container ${name} of ${title} has ${wrong.shown} of ${resource}, and ${titleOf(range)} allows ${bound}: the API server refuses its pods.`,
        fix: `Write ${bound}, or change the LimitRange.`,
      };
    }
  }
}
