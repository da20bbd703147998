// Pods that the API server does not take: quota, limits, security level, webhook, service account. Pure.
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Case, type Cause, type Classifier, quoted, toldIn } from "./cause.ts";
import { kubectlPatch, patchOfTemplate, workloadOf } from "./kubectl-patch.ts";

export const refusedPods: Classifier = {
  explains: ["CreateFailed"],
  classify: (of) => {
    const told = toldIn(of);
    for (const [words, causeOf] of KINDS) {
      const match = words.exec(told);
      if (match) return causeOf(of, match, told);
    }
    return undefined;
  },
};

type Told = (of: Case, match: RegExpExecArray, told: string) => Cause;

const quota: Told = (of, match, told) => {
  const name = match[1] ?? "?";
  const requested = /requested: ([^\n]*?), used:/.exec(told)?.[1];
  const limited = /limited: ([^\n"]+)/.exec(told)?.[1]?.trim();
  const { workload, baseline } = of.rollout;
  const spec = baseline && rulesOf(workload).withoutSurge(workload);
  return {
    class: "QuotaExceeded",
    certainty: "Certain",
    message: `Quota ${name} has no room for the pods${requested ? `: they ask for ${requested}` : ""}${limited ? ` beyond what is used, of ${limited}` : ""}.`,
    evidence: quoted(of, /quota/i),
    remedy: `Raise quota ${name}${requested ? ` (${resourcesIn(requested)})` : ""}, ask for less${spec ? ", or let the rollout replace pods one by one (maxSurge: 0)" : ""}.`,
    patch: spec && kubectlPatch(workloadOf(of.rollout), "strategic", { spec }),
  };
};

function resourcesIn(amounts: string): string {
  return amounts
    .split(",")
    .map((amount) => amount.split("=")[0]?.trim() ?? "")
    .join(", ");
}

const mustSpecify: Told = (of, match, told) => {
  const name = match[1] ?? "?";
  const what = /must specify ([^\n"]+)/.exec(told)?.[1]?.trim() ?? "resources";
  return {
    class: "QuotaExceeded",
    certainty: "Certain",
    message: `Quota ${name} takes only pods that say what they need: they must specify ${what}.`,
    evidence: quoted(of, /quota/i),
    remedy: `Set ${what} in the resources of every container.`,
  };
};

const limitRange: Told = (of, match) => ({
  class: "LimitRangeViolated",
  certainty: "Certain",
  message: `A LimitRange of the namespace refuses the pods: ${match[0].trim()}.`,
  evidence: quoted(of, /usage per|ratio/i),
  remedy: `Set the containers' resources within the LimitRange (kubectl describe limitrange), or change that.`,
});

/** What the restricted level asks for, as fields of a container's securityContext. */
const RESTRICTED: readonly (readonly [RegExp, object])[] = [
  [/allowPrivilegeEscalation/, { allowPrivilegeEscalation: false }],
  [/unrestricted capabilities|capabilities\.drop/, { capabilities: { drop: ["ALL"] } }],
  [/runAsNonRoot/, { runAsNonRoot: true }],
  [/seccompProfile/, { seccompProfile: { type: "RuntimeDefault" } }],
  [/securityContext\.privileged=true/, { privileged: false }],
];

const podSecurity: Told = (of, match, told) => {
  const fields = RESTRICTED.filter(([pattern]) => pattern.test(told)).map(([, field]) => field);
  const securityContext = Object.assign({}, ...fields) as object;
  const containers = of.rollout.revision.template.containers.filter(({ kind }) => kind === "app");
  const names = Object.keys(securityContext);
  const template = { spec: { containers: containers.map(({ name }) => ({ name, securityContext })) } };
  return {
    class: "PodSecurityViolated",
    certainty: "Certain",
    message: `The namespace's Pod Security level ${match[1] ?? ""} forbids the pods: ${(match[2] ?? "").trim()}.`,
    evidence: quoted(of, /PodSecurity/),
    remedy:
      names.length > 0
        ? `Set ${names.join(", ")} in the securityContext of the containers${names.includes("runAsNonRoot") ? "; the image must then run as another user than root" : ""}.`
        : "Take out of the pod template what the message names, or move the workload to a namespace of another level.",
    patch: names.length > 0 ? patchOfTemplate(of.rollout, template) : undefined,
  };
};

const serviceAccount: Told = (of, match) => ({
  class: "ServiceAccountMissing",
  certainty: "Certain",
  message: `Service account ${match[1] ?? "?"}, which the pods run as, does not exist.`,
  evidence: quoted(of, /service ?account/i),
  remedy: `Create it (kubectl create serviceaccount ${(match[1] ?? "NAME").split("/").at(-1)} -n ${of.rollout.snapshot.guard.namespace}), or correct serviceAccountName.`,
});

const webhook: Told = (of, match) => ({
  class: "AdmissionDenied",
  certainty: "Certain",
  message: `Admission ${match[1] ?? ""} refuses the pods: ${(match[2] ?? "").trim()}.`.replace("  ", " "),
  evidence: quoted(of, /admission|denied/i),
  remedy: `Change in the pod template what ${match[1] ?? "it"} names, or ask those who run that policy.`,
});

const unavailableWebhook: Told = (of, match) => ({
  class: "EnvironmentTrouble",
  certainty: "Certain",
  message: `The admission webhook ${match[1] ?? "?"} does not answer, so no pod can be created; the release is not to blame.`,
  evidence: quoted(of, /webhook/i),
  remedy: `Bring the webhook ${match[1] ?? "?"} back; see kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations.`,
});

const forbidden: Told = (of, match) => ({
  class: "AdmissionDenied",
  certainty: "Likely",
  message: `The API server refuses the pods: ${(match[1] ?? "").trim()}.`,
  evidence: quoted(of, /forbidden/i),
  remedy: "Change in the pod template what the message names.",
});

/** The words of the admission plugins (ResourceQuota, LimitRanger, PodSecurity, ServiceAccount, webhooks, policies). */
const KINDS: readonly (readonly [RegExp, Told])[] = [
  [/exceeded quota: ([^\s,"]+)/i, quota],
  [/failed quota: ([^\s:,"]+)/i, mustSpecify],
  [/violates PodSecurity "([^"]+)":? ?([^\n]*)/i, podSecurity],
  [
    /(?:maximum|minimum) \S+ usage per \S+ is [^\n"]+|\S+ max limit to request ratio per \S+ is [^\n"]+/i,
    limitRange,
  ],
  [
    /service ?account "?([^\s",]+)"? (?:was )?not found|serviceaccounts? "([^"]+)" not found/i,
    serviceAccount,
  ],
  [/failed calling webhook "([^"]+)"/i, unavailableWebhook],
  [/admission webhook "([^"]+)" denied the request:? ?([^\n]*)/i, webhook],
  [/ValidatingAdmissionPolicy '([^']+)'[^\n]*? denied request: ([^\n]*)/i, webhook],
  [/is forbidden: ([^\n]+)/i, forbidden],
];
