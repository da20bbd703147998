// docs/reference/annotations.md: every annotation and label of RolloutGuard.
import { ANNOTATIONS, FIELD_MANAGERS, LABELS } from "../../../src/api/group.ts";
import { CALLERS } from "../../../src/manifests/annotations.ts";
import { IGNORE } from "../../../src/manifests/lint-manifests.ts";
import { REQUIRED_ENV } from "../../../src/manifests/rules/variables/environment.ts";
import type { GeneratedFile } from "../generated-file.ts";
import { code, pageHead, table } from "../markdown.ts";

/** Annotations of Deployments, by who sets them. */
const SET_BY_YOU: Readonly<Record<"veto", string>> = {
  veto: "Do not roll this release back; the value is the reason. On the Deployment it applies until you remove it, in the pod template to that release. [Veto](../reasons/veto.md)",
};
const SET_BY_THE_OPERATOR: Readonly<Record<Exclude<keyof typeof ANNOTATIONS, "veto">, string>> = {
  incident: "The Incident that explains the newest rollback.",
  rolledBackFrom: "The hash of the pod template that was rolled back.",
  rolledBackAt: "When the rollback was sent (RFC 3339).",
  rolledBackGeneration: "The generation of the Deployment that the rollback made.",
  rollbackTimes: "When the rollbacks of the last hour were sent (RFC 3339, separated by commas).",
  pausedFor:
    "RolloutGuard paused the Deployment for this Incident, because [the rollback could not start](../how-it-decides.md#when-the-rollback-itself-cannot-start). A pause without this annotation is yours.",
  frozenRevision:
    "RolloutGuard paused the Deployment while it decides about [a suspicious rollout](../how-it-decides.md#a-suspicious-rollout-is-paused); the value is the hash of its pod template. A pause without this annotation is yours.",
};
const SET_ON_INCIDENTS: Readonly<Record<keyof typeof LABELS, string>> = {
  guard: "The name of the guard.",
  target: "The name of the Deployment.",
};

export function generateAnnotationsPage(): GeneratedFile {
  const named = <T extends string>(
    names: Readonly<Record<T, string>>,
    meanings: Readonly<Partial<Record<T, string>>>,
  ) =>
    Object.entries<string | undefined>(meanings).map(([key, meaning = ""]) => [
      code(names[key as T]),
      meaning,
    ]);
  const setByYou = [
    ...named(ANNOTATIONS, SET_BY_YOU).map((cells) => ["a Deployment or its pod template", ...cells]),
    [
      "any object",
      code(IGNORE),
      "The [lint rules](../lint-rules.md) whose findings on this object are intended, separated by commas; `all` for all.",
    ],
    ["a Service", code(CALLERS), "Which workloads call it, for the lint rules about NetworkPolicies."],
    ["a workload", code(REQUIRED_ENV), "Environment variables that its containers need, for the lint rules."],
  ];
  const text = `${pageHead("Annotations and labels", "src/api/group.ts")}
## Annotations that you set

${table(["On", "Annotation", "Meaning"], setByYou)}

## Annotations that RolloutGuard sets on Deployments

Do not change them. After you uninstall RolloutGuard they have no effect.

${table(["Annotation", "Meaning"], named(ANNOTATIONS, SET_BY_THE_OPERATOR))}

With a rollback RolloutGuard also changes two annotations of kubectl:
\`kubectl.kubernetes.io/last-applied-configuration\`, so that the next \`kubectl apply\` removes what only the restored revision has, and
\`kubernetes.io/change-cause\`, which becomes that of the restored revision.

## Labels of Incidents

${table(["Label", "Meaning"], named(LABELS, SET_ON_INCIDENTS))}

\`\`\`sh
kubectl get incidents -n shop -l ${LABELS.target}=checkout
\`\`\`

## Field managers

\`kubectl get --show-managed-fields\` shows changes of RolloutGuard under these names: ${[...FIELD_MANAGERS].map(code).join(", ")}.
`;
  return { path: "docs/reference/annotations.md", text };
}
