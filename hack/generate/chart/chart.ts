// What the Helm chart takes from the tables of the project: its head, values and schema, the rules of its roles, and the CRDs.
import { stringify } from "yaml";
import { CALLS_BY_CHOICE } from "../../../src/kube/api-calls.ts";
import { REPOSITORY } from "../../../src/release.ts";
import { VERSION } from "../../../src/version.ts";
import { buildCrd } from "../crds.ts";
import { CUSTOM_RESOURCES } from "../custom-resources.ts";
import type { GeneratedFile } from "../generated-file.ts";
import {
  EDIT_RULES,
  GUARDING_RULES,
  METRICS_REVIEW_RULES,
  OWN_RULES,
  type PolicyRule,
  ruleFor,
  VIEW_RULES,
} from "../policy-rules.ts";
import { chartReadme } from "./chart-readme.ts";
import { CHART_SETTINGS, camelCase } from "./chart-values.ts";
import { valuesFile, valuesSchema } from "./values-file.ts";

const CHART = "charts/rolloutguard";
const VALUES = "hack/generate/chart/chart-values.ts";

/** All files of the chart that are not written by hand. */
export function generateChart(): GeneratedFile[] {
  return [
    { path: `${CHART}/Chart.yaml`, text: written("hack/generate/chart/chart.ts") + stringify(chartHead()) },
    { path: `${CHART}/values.yaml`, text: written(VALUES) + valuesFile() },
    { path: `${CHART}/values.schema.json`, text: `${JSON.stringify(valuesSchema(), null, 2)}\n` },
    { path: `${CHART}/README.md`, text: chartReadme() },
    { path: `${CHART}/templates/_generated.tpl`, text: definitions() },
    ...CUSTOM_RESOURCES.map((resource) => ({
      path: `${CHART}/templates/crd-${resource.plural}.yaml`,
      text: crdTemplate(buildCrd(resource)),
    })),
  ];
}

function chartHead(): object {
  return {
    apiVersion: "v2",
    name: "rolloutguard",
    description: "Rolls back bad rollouts of plain Deployments, and says why",
    type: "application",
    version: VERSION,
    appVersion: VERSION,
    // With -0, or the versions of vendors such as v1.31.2-eks-1 count as pre-releases and are refused.
    kubeVersion: ">=1.26.0-0",
    home: REPOSITORY,
    sources: [REPOSITORY],
    keywords: ["rollback", "deployment", "rollout", "operator"],
    annotations: { "artifacthub.io/license": "Apache-2.0", "artifacthub.io/operator": "true" },
  };
}

function definitions(): string {
  const choices = CALLS_BY_CHOICE.map((call) =>
    [
      `{{- if .Values.features.${camelCase(call.component)} }}`,
      rulesText([ruleFor(call)]),
      "{{- end }}",
    ].join("\n"),
  );
  const settings = CHART_SETTINGS.map(({ name, variable }) =>
    [
      // A setting can be false or 0.
      `{{- if hasKey .Values.settings "${name}" }}`,
      `- name: ${variable}`,
      `  value: {{ .Values.settings.${name} | toString | quote }}`,
      "{{- end }}",
    ].join("\n"),
  );
  const lease = `{{ include "rolloutguard.fullname" . }}`;
  const leaseRules = OWN_RULES.map((rule) =>
    rule.resourceNames === undefined ? rule : { ...rule, resourceNames: [lease] },
  );
  const definition = (name: string, ...texts: readonly string[]) =>
    [`{{- define "rolloutguard.${name}" }}`, ...texts, "{{- end }}"].join("\n");
  return `${[
    `{{/* Written by \`npm run generate\` from src/kube/api-calls.ts and src/operator/settings-table.ts; change it there. */}}`,
    definition("guardingRules", rulesText(GUARDING_RULES), ...choices),
    definition("leaseRules", rulesText(leaseRules)),
    definition("metricsReviewRules", rulesText(METRICS_REVIEW_RULES)),
    definition("viewRules", rulesText(VIEW_RULES)),
    definition("editRules", rulesText(EDIT_RULES)),
    definition("settingsEnv", ...settings),
  ].join("\n")}\n`;
}

function rulesText(rules: readonly PolicyRule[]): string {
  return stringify(rules, { aliasDuplicateObjects: false }).trimEnd();
}

/** Helm never upgrades what is in a folder `crds`, so they are templates. */
function crdTemplate({ apiVersion, kind, metadata, spec }: ReturnType<typeof buildCrd>): string {
  return [
    "{{- /* Written by `npm run generate` from src/api; change it there. */}}",
    "{{- if .Values.crds.enabled }}",
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    "metadata:",
    `  name: ${metadata.name}`,
    "  labels:",
    `    {{- include "rolloutguard.labels" . | nindent 4 }}`,
    "  {{- if or .Values.crds.keep .Values.crds.annotations }}",
    "  annotations:",
    "    {{- if .Values.crds.keep }}",
    "    helm.sh/resource-policy: keep",
    "    {{- end }}",
    "    {{- with .Values.crds.annotations }}",
    "    {{- toYaml . | nindent 4 }}",
    "    {{- end }}",
    "  {{- end }}",
    escaped(stringify({ spec }, { lineWidth: 110, aliasDuplicateObjects: false }).trimEnd()),
    "{{- end }}",
    "",
  ].join("\n");
}

/** Braces that are not for Helm. */
function escaped(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

function written(source: string): string {
  return `# Written by \`npm run generate\` from ${source}; change it there.\n`;
}
