// What Helm makes of the chart, for tests.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { helmProgram } from "../../kubectl-contract/kubectl-binary.ts";
import type { Manifest } from "./overlay.ts";

/** Where the chart is. */
export const CHART = join(import.meta.dirname, "../../../charts/rolloutguard");

export interface Rendering {
  /** Default: rolloutguard. */
  readonly release?: string;
  /** Default: rolloutguard-system. */
  readonly namespace?: string;
  readonly values?: object;
}

/** The objects of a release. Throws with what Helm says. */
export function renderChart(rendering: Rendering = {}): readonly Manifest[] {
  const text = helm(["template", ...argumentsOf(rendering)], rendering.values);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** What a user reads after the installation. */
export function renderNotes(rendering: Rendering = {}): string {
  const words = ["install", ...argumentsOf(rendering), "--dry-run=client"];
  return helm(words, rendering.values).split("\nNOTES:\n")[1] ?? "";
}

function argumentsOf({ release = "rolloutguard", namespace = "rolloutguard-system" }: Rendering) {
  return [release, CHART, "--namespace", namespace, "--values", "-"];
}

/** Runs helm with the values on standard input. */
export function helm(words: readonly string[], values: object = {}): string {
  // A kubeconfig of nobody: no cluster is asked.
  const env = { ...process.env, KUBECONFIG: "/dev/null" };
  const input = JSON.stringify(values);
  return execFileSync(helmProgram(), words, { encoding: "utf8", input, env, stdio: "pipe" });
}
