// Lints manifests that stand in a test.

import type { LintFinding } from "../finding.ts";
import { type LintRequest, lintManifests } from "../lint-manifests.ts";
import { parseManifests } from "../parse-manifests.ts";

/** Findings of one rule, or of all. Throws when the text cannot be read. */
export function findingsIn(text: string, rule?: string, request?: LintRequest): readonly LintFinding[] {
  const { manifests, problems } = parseManifests(text, "test.yaml");
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("; "));
  const { findings } = lintManifests(manifests, request);
  return rule === undefined ? findings : findings.filter((finding) => finding.rule === rule);
}

export interface DeploymentText {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: string;
  /** Lines of the container, such as "ports: [{containerPort: 80}]". */
  readonly container?: readonly string[];
  /** Lines of the pod's spec. */
  readonly pod?: readonly string[];
  /** Lines of the metadata. */
  readonly metadata?: readonly string[];
  /** Lines of the Deployment's spec. */
  readonly spec?: readonly string[];
}

/** A Deployment as YAML; its labels are `app: <name>` when nothing else is said. */
export function deploymentText(of: DeploymentText = {}): string {
  const { name = "web", namespace, labels = `{app: ${name}}` } = of;
  const { container = [], pod = [], metadata = [], spec = [] } = of;
  return [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata:",
    `  name: ${name}`,
    ...(namespace === undefined ? [] : [`  namespace: ${namespace}`]),
    ...metadata.map((line) => `  ${line}`),
    "spec:",
    ...spec.map((line) => `  ${line}`),
    `  selector: {matchLabels: {}}`,
    "  template:",
    `    metadata: {labels: ${labels}}`,
    "    spec:",
    ...pod.map((line) => `      ${line}`),
    "      containers:",
    "        - name: app",
    ...container.map((line) => `          ${line}`),
  ].join("\n");
}

/** A Service as YAML. */
export function serviceText(selector: string, ports: string, name = "web", metadata = ""): string {
  return [
    "apiVersion: v1",
    "kind: Service",
    `metadata: {name: ${name}${metadata}}`,
    `spec: {selector: ${selector}, ports: ${ports}}`,
  ].join("\n");
}

/** Several documents. */
export function documents(...texts: readonly string[]): string {
  return texts.join("\n---\n");
}
