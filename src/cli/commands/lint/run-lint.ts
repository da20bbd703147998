// What `lint` does, loaded when it runs.

import "./small-heap.ts";
import { nearest } from "../../../domain/nearest.ts";
import { isConcerned } from "../../../manifests/concerned.ts";
import { countOf, isAtLeast, type Severity } from "../../../manifests/finding.ts";
import { type LintResult, lintManifests } from "../../../manifests/lint-manifests.ts";
import type { Manifest } from "../../../manifests/manifest.ts";
import { ORDERED_RULES } from "../../../manifests/ordered-rules.ts";
import type { Invocation } from "../../command-definition.ts";
import { EXIT_CODES, type ExitCode, UsageError } from "../../exit-codes.ts";
import { deploymentName } from "../../named-object.ts";
import { humanReport } from "./human-report.ts";
import type { LintFlags, Output } from "./lint-flags.ts";
import type { LintReport } from "./lint-report.ts";
import { refuseKustomization, refusePathAsName } from "./path-hints.ts";
import { type ReadManifests, readManifests } from "./read-manifests.ts";

/** Resolves with the exit code; rejects with CommandError. */
export async function runLint({
  args,
  flags,
  terminal,
}: Invocation & { readonly flags: LintFlags }): Promise<ExitCode> {
  for (const id of flags.ignore) mustBeRule(id);
  if (flags.list) {
    const { ruleList } = await import("./rule-list.ts");
    terminal.out(ruleList(flags.output, terminal));
    return EXIT_CODES.fine;
  }
  if (flags.kustomize !== undefined) refuseKustomization(flags.kustomize);
  const isOfFiles = flags.filename.length > 0;
  if (args[0] !== undefined) refusePathAsName(args[0]);
  const name = args[0] === undefined ? undefined : deploymentName("lint", args[0]);
  if (isOfFiles && name !== undefined) {
    throw new UsageError(`write either -f PATH or the name of a Deployment (${name}), not both`);
  }
  const read = isOfFiles
    ? { ...(await readManifests(flags.filename, flags.namespace ?? "", terminal)), complete: undefined }
    : await (await import("./read-live-manifests.ts")).readLiveManifests(flags, name);
  const report = reportOn(read, read.complete, flags, name);
  const form = await FORMS[flags.output ?? "human"]();
  terminal.out(form(report, terminal));
  if (flags.output !== undefined) for (const note of report.notes) terminal.err(`note: ${note}\n`);
  return exitCodeOf(report, flags);
}

function mustBeRule(id: string): void {
  const ids = ORDERED_RULES.map((rule) => rule.id);
  if (ids.includes(id)) return;
  const meant = nearest(id, ids);
  throw new UsageError(
    `--ignore ${id}: there is no such rule; ${meant ? `did you mean ${meant}?` : `there are ${ids.join(", ")}`}`,
  );
}

/** Loaded when they are wanted. */
const FORMS: Readonly<Record<Output | "human", () => Promise<typeof humanReport>>> = {
  human: async () => humanReport,
  wide: async () => (await import("./wide-report.ts")).wideReport,
  json: async () => (await import("./data-report.ts")).jsonReport,
  yaml: async () => (await import("./data-report.ts")).yamlReport,
  sarif: async () => (await import("./sarif-report.ts")).sarifReport,
};

function reportOn(
  { manifests, problems, notes }: ReadManifests,
  complete: readonly string[] | undefined,
  flags: LintFlags,
  name: string | undefined,
): LintReport {
  const callers = callersOf(flags.callers);
  const strangers = Object.keys(callers).filter(
    (service) => !manifests.some((manifest) => manifest.kind === "Service" && manifest.name === service),
  );
  const lint = (lowest?: Severity) =>
    lintManifests(manifests, {
      lowest,
      ignore: flags.ignore,
      requiredLabels: flags.requireLabel,
      requiredEnv: flags.requireEnv,
      callers,
      kubernetesVersion: flags.kubernetesVersion,
      complete,
    });
  const { findings, counts, suppressed } =
    name === undefined ? lint(flags.severity) : concerning(name, manifests, lint());
  return {
    findings: findings.filter(({ severity }) => isAtLeast(severity, flags.severity)),
    counts,
    suppressed,
    problems,
    notes: [
      ...notes,
      ...strangers.map((service) => `--callers ${service}=…: there is no Service ${service}`),
    ],
    objects: manifests.length,
  };
}

function concerning(name: string, manifests: readonly Manifest[], all: LintResult): LintResult {
  const findings = all.findings.filter(isConcerned(name, manifests));
  return { ...all, findings, counts: countOf(findings) };
}

function callersOf(entries: readonly string[]): Readonly<Record<string, string>> {
  const split = entries.map((entry) => [
    entry.slice(0, entry.indexOf("=")),
    entry.slice(entry.indexOf("=") + 1),
  ]);
  const grouped = Map.groupBy(split, ([service = ""]) => service);
  return Object.fromEntries(
    [...grouped].map(([service, all]) => [service, all.map(([, who]) => who).join(";")]),
  );
}

/** What is not all read cannot be called fine, nor only failing. */
function exitCodeOf({ problems, counts }: LintReport, { failOn }: LintFlags): ExitCode {
  if (problems.length > 0) return EXIT_CODES.cannotTell;
  if (failOn === "never") return EXIT_CODES.fine;
  const failing = (["error", "warning", "info"] as const).some(
    (severity) => isAtLeast(severity, failOn) && counts[severity] > 0,
  );
  return failing ? EXIT_CODES.failing : EXIT_CODES.fine;
}
