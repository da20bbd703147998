// Pods that the namespace's quota has no room for, or that do not say what they need. Pure.
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Case, type Cause, type Classifier, quoted, toldIn } from "./cause.ts";
import { kubectlPatch, workloadOf } from "./kubectl-patch.ts";

/** The words of ResourceQuota. */
const EXCEEDED = /exceeded quota: ([^\s,"]+)/i;
const UNSPECIFIED = /failed quota: ([^\s:,"]+)/i;

export const quotaExceeded: Classifier = {
  recognises: ["QuotaExceeded"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const told = toldIn(of);
    const exceeded = EXCEEDED.exec(told);
    if (exceeded) return noRoom(of, exceeded[1] ?? "?", told);
    const unspecified = UNSPECIFIED.exec(told);
    return unspecified ? mustSpecify(of, unspecified[1] ?? "?", told) : undefined;
  },
};

function noRoom(of: Case, name: string, told: string): Cause {
  const requested = /requested: ([^\n]*?), used:/.exec(told)?.[1];
  const limited = /limited: ([^\n"]+)/.exec(told)?.[1]?.trim();
  const { workload, baseline } = of.rollout;
  const spec = baseline && rulesOf(workload).withoutSurge(workload);
  return {
    class: "QuotaExceeded",
    certainty: "Certain",
    message: `The pods exceed quota ${name}${requested ? `: they request ${requested}` : ""}${limited ? `, and the limit is ${limited}` : ""}.`,
    evidence: quoted(of, /quota/i),
    remedy: `Raise quota ${name}${requested ? ` (${resourcesIn(requested)})` : ""}, request less${spec ? ", or let the rollout replace pods one by one (maxSurge: 0)" : ""}.`,
    patch: spec && kubectlPatch(workloadOf(of.rollout), "strategic", { spec }),
  };
}

function resourcesIn(amounts: string): string {
  return amounts
    .split(",")
    .map((amount) => amount.split("=")[0]?.trim() ?? "")
    .join(", ");
}

function mustSpecify(of: Case, name: string, told: string): Cause {
  const what = /must specify ([^\n"]+)/.exec(told)?.[1]?.trim() ?? "resources";
  return {
    class: "QuotaExceeded",
    certainty: "Certain",
    message: `Quota ${name} accepts only pods that specify ${what}.`,
    evidence: quoted(of, /quota/i),
    remedy: `Set ${what} in the resources of every container.`,
  };
}
