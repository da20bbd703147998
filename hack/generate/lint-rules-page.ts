// docs/lint-rules.md: every lint rule, with an anchor that reports link to.

import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { CALLERS } from "../../src/manifests/annotations.ts";
import { KUBERNETES_VERSIONS } from "../../src/manifests/api-server/kubernetes-versions.ts";
import { IGNORE } from "../../src/manifests/lint-manifests.ts";
import { ORDERED_RULES } from "../../src/manifests/ordered-rules.ts";
import { REQUIRED_ENV } from "../../src/manifests/rules/variables/environment.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { code, pageHead, table } from "./markdown.ts";

export function generateLintRulesPage(): GeneratedFile {
  const text = `${pageHead("Lint rules", "src/manifests")}
\`kubectl rolloutguard lint\` finds in manifests, before they are applied, or in a namespace what makes rollouts fail.
What the operator checks while a rollout runs: [How RolloutGuard decides](how-it-decides.md).

\`\`\`sh
kubectl rolloutguard lint -f k8s/                              # files, folders with all below
helm template . | kubectl rolloutguard lint -f -               # or kubectl kustomize, or any YAML and JSON
kubectl rolloutguard lint -f k8s/ -o sarif > lint.sarif        # for code review tools
kubectl rolloutguard lint checkout-service -n production       # a Deployment in a cluster; without name: all
\`\`\`

In a cluster it reads the namespace's Deployments and Services, and, if you have permission, StatefulSets, DaemonSets, NetworkPolicies,
LimitRanges, and by name the ConfigMaps and Secrets that pods refer to, of which it keeps the keys alone. What you cannot read
is left out, with a note.

Objects are held against each other when they are in the same namespace; where folders repeat the same objects (a base and
overlays, staging and production), when they are in the same folder. Patches of kustomize and charts of Helm are left out:
lint the result instead. Unknown kinds are ignored. Values of variables, ConfigMaps and Secrets are never shown.

${table(
  ["Rule", "Severity", "Meaning"],
  ORDERED_RULES.map(({ id, severity, meaning }) => [`[${id}](#${id})`, severity, meaning]),
)}

**error**: it will not work, or not as meant. **warning**: it will hurt one day. **info**: worth knowing; shown with
\`--severity info\`. A finding can be less severe than its rule where it is less sure.

## Saying what is meant

${table(
  ["Annotation", "On", "Says"],
  [
    [
      code(`${IGNORE}: image-tag, root-user`),
      "any object",
      "what these rules find there is meant; `all` for all",
    ],
    [
      code(`${CALLERS}: web; app=batch,tier=jobs; shop:app=cart`),
      "a Service",
      "who calls it: names of workloads or labels, with a namespace before if it is another one",
    ],
    [
      code(`${REQUIRED_ENV}: DATABASE_URL, API_KEY`),
      "a workload",
      "variables that its containers must be given",
    ],
  ],
)}

Flags say the same for all objects: \`--ignore\`, \`--callers SERVICE=WHO\`, \`--require-env\`, \`--require-label\`.
\`--kubernetes-version\` says whose API server is meant: ${KUBERNETES_VERSIONS.join(", ")}; the first is the default.

## Exit codes

${table(
  ["Code", "Meaning"],
  [
    [String(EXIT_CODES.fine), "nothing as bad as `--fail-on` says (by default: no error)"],
    [String(EXIT_CODES.failing), "findings as bad as `--fail-on` says, or worse"],
    [String(EXIT_CODES.usage), "the command line is wrong"],
    [String(EXIT_CODES.cannotTell), "not everything could be read: broken YAML, no manifests, no cluster"],
  ],
)}

## Each rule
${ORDERED_RULES.map(({ id, severity, meaning, advice }) => `\n### ${id}\n\n${meaning}. (${severity})\n\n${advice}\n`).join("")}`;
  return { path: "docs/lint-rules.md", text };
}
