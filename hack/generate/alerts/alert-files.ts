// The alerts as files: for a Prometheus that reads rule files, for the Prometheus Operator, for the chart, and as a page.
import { stringify } from "yaml";
import { releaseFile } from "../../../src/release.ts";
import type { GeneratedFile } from "../generated-file.ts";
import { pageHead, table } from "../markdown.ts";
import { ALERTS, type Alert } from "./alert-table.ts";

const SOURCE = "hack/generate/alerts/alert-table.ts";
const PAGE = "docs/reference/alerts.md";

/** Rules, PrometheusRule, the chart's copy of the rules, and the page. */
export function generateAlerts(): GeneratedFile[] {
  const groups = { groups: [{ name: "rolloutguard", rules: ALERTS.map(ruleOf) }] };
  const labels = { "app.kubernetes.io/name": "rolloutguard", "app.kubernetes.io/part-of": "rolloutguard" };
  const resource = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "rolloutguard", labels },
    spec: groups,
  };
  return [
    { path: "config/monitoring/rolloutguard.rules.yaml", text: text(groups) },
    { path: "config/monitoring/prometheus-rule.yaml", text: text(resource) },
    { path: "charts/rolloutguard/files/rolloutguard.rules.yaml", text: text(groups) },
    { path: PAGE, text: page() },
  ];
}

/** An alert as Prometheus reads it. */
export function ruleOf({ name, expr, for: holds, severity, summary, description }: Alert) {
  return {
    alert: name,
    expr,
    ...(holds && { for: holds }),
    labels: { severity },
    annotations: { summary, description, runbook_url: `${releaseFile(PAGE)}#${name.toLowerCase()}` },
  };
}

function text(content: object): string {
  return `# Written by \`npm run generate\` from ${SOURCE}; change it there.\n${stringify(content, { lineWidth: 0 })}`;
}

function page(): string {
  return `${pageHead("Alerts", SOURCE)}
Three ways to load the alerts:
- A Prometheus that reads rule files: [rolloutguard.rules.yaml](../../config/monitoring/rolloutguard.rules.yaml).
- The Prometheus Operator: \`kubectl apply -f config/monitoring/prometheus-rule.yaml\`. kube-prometheus-stack selects only rules that have
  the label \`release\` with the name of its release; kube-prometheus selects \`prometheus: k8s\` and \`role: alert-rules\`.
- The [Helm chart](../../charts/rolloutguard/README.md): \`--set monitoring.prometheusRule.enabled=true\`.

Each alert links to its section of this page.

${table(
  ["Alert", "Severity", "Meaning"],
  ALERTS.map(({ name, severity, summary }) => [`[${name}](#${name.toLowerCase()})`, severity, summary]),
)}

${ALERTS.map(section).join("\n\n")}
`;
}

function section({ name, expr, for: holds, severity, summary, response }: Alert): string {
  const since = holds === undefined ? "" : `, for ${holds}`;
  return [
    `## ${name}`,
    summary,
    `Severity ${severity}${since}:`,
    `\`\`\`text\n${expr}\n\`\`\``,
    response,
  ].join("\n\n");
}
