// docs/reference/metrics.md: every metric of the operator.
import type { MetricDescription } from "../../src/telemetry/metric-description.ts";
import { METRICS } from "../../src/telemetry/metric-table.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { code, pageHead, table } from "./markdown.ts";

export function generateMetricsPage(): GeneratedFile {
  const metrics: readonly MetricDescription[] = Object.values(METRICS);
  const text = `${pageHead("Metrics", "src/telemetry/metric-table.ts")}
Served at \`/metrics\`. Series with known label values exist from the start, with the value 0, so that \`rate()\` and alerts
see the first event. The default metrics of a Node.js process (\`process_...\`, \`nodejs_...\`) are served as well.

${table(
  ["Metric", "Type", "Meaning"],
  metrics.map(({ name, type, help }) => [`[${code(name)}](#${name})`, type, help]),
)}

${metrics.map(describeMetric).join("\n\n")}
`;
  return { path: "docs/reference/metrics.md", text };
}

function describeMetric({ name, type, help, labels, buckets }: MetricDescription): string {
  const rows = Object.entries(labels).map(([label, { help, values }]) => [
    code(label),
    help,
    values ? values.map(code).join(", ") : "from the cluster",
  ]);
  return [
    `## ${name}`,
    `A ${type}. ${help}`,
    ...(rows.length > 0 ? [table(["Label", "Meaning", "Values"], rows)] : []),
    ...(buckets ? [`Buckets: ${buckets.join(", ")} seconds.`] : []),
  ].join("\n\n");
}
