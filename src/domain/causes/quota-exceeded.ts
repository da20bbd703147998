// Pods that the namespace's quota has no room for, or that do not say what they need. Pure.
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Case, type Cause, type Classifier, quoted, textOfFinding } from "./cause.ts";
import { kubectlPatch, workloadOf } from "./kubectl-patch.ts";

/** The words of ResourceQuota. */
const EXCEEDED = /exceeded quota: ([^\s,"]+)/i;
const UNSPECIFIED = /failed quota: ([^\s:,"]+)/i;

export const quotaExceeded: Classifier = {
  recognises: ["QuotaExceeded"],
  explains: ["CreateFailed"],
  classify: (of) => {
    const reported = textOfFinding(of);
    const exceeded = EXCEEDED.exec(reported);
    if (exceeded) return noRoom(of, exceeded[1] ?? "?", reported);
    const unspecified = UNSPECIFIED.exec(reported);
    return unspecified ? mustSpecify(of, unspecified[1] ?? "?", reported) : undefined;
  },
};

function noRoom(of: Case, name: string, reported: string): Cause {
  const requested = /requested: ([^\n]*?), used:/.exec(reported)?.[1];
  const limited = /limited: ([^\n"]+)/.exec(reported)?.[1]?.trim();
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

function mustSpecify(of: Case, name: string, reported: string): Cause {
  const what = /must specify ([^\n"]+)/.exec(reported)?.[1]?.trim() ?? "resources";
  return {
    class: "QuotaExceeded",
    certainty: "Certain",
    message: `Quota ${name} accepts only pods that specify ${what}.`,
    evidence: quoted(of, /quota/i),
    remedy: `Set ${what} in the resources of every container.`,
  };
}
