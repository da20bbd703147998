// The flags of `check`, and what of them cannot be.
import { type Command, Option } from "commander";
import { nearest } from "../../../domain/nearest.ts";
import { SEVERITIES, type Severity } from "../../../manifests/finding.ts";
import { CALLERS } from "../../../manifests/network/callers.ts";
import { ORDERED_CHECKS } from "../../../manifests/ordered-checks.ts";
import { type ClusterFlags, withClusterOptions } from "../../cluster/cluster-access.ts";
import { UsageError } from "../../exit-codes.ts";

export const OUTPUTS = ["wide", "json", "yaml", "sarif"] as const;
export type Output = (typeof OUTPUTS)[number];

export interface CheckFlags extends ClusterFlags {
  readonly filename?: readonly string[] | undefined;
  readonly output?: Output | undefined;
  readonly severity: Severity;
  readonly failOn: Severity | "never";
  readonly ignore: readonly string[];
  readonly requireLabel: readonly string[];
  readonly requireEnv: readonly string[];
  readonly callers: readonly string[];
}

/** May be given several times. */
function repeated(value: string, former: readonly string[] = []): readonly string[] {
  return [...former, value];
}

export function defineCheckFlags(command: Command): Command {
  const option = (flags: string, description: string) => new Option(flags, description);
  command
    .addOption(
      option("-f, --filename <PATH>", "a file, a folder, or - for stdin; repeatable").argParser(repeated),
    )
    .addOption(option("-o, --output <FORM>", "wide, json, yaml or sarif").choices(OUTPUTS))
    .addOption(
      option("--severity <LOWEST>", "show error, warning (default) or info, and worse")
        .choices(SEVERITIES)
        .default("warning"),
    )
    .addOption(
      option("--fail-on <LOWEST>", "exit 1 for error (default), warning, info or never")
        .choices([...SEVERITIES, "never"])
        .default("error"),
    )
    .addOption(
      option("--ignore <CHECK>", "leave a check out; repeatable").argParser(repeated).default([], "none"),
    )
    .addOption(
      option("--require-label <LABEL>", "KEY[=VALUE] that all pods must have; repeatable")
        .argParser(repeated)
        .default([], "none"),
    )
    .addOption(
      option("--require-env <NAME>", "a variable that all must be given; repeatable")
        .argParser(repeated)
        .default([], "none"),
    )
    .addOption(
      option("--callers <SERVICE=WHO>", "a caller to be let in by policies; repeatable")
        .argParser(repeated)
        .default([], "none"),
    );
  return withClusterOptions(command);
}

/** Throws UsageError with what to write instead. */
export function checkFlags(options: Record<string, unknown>): CheckFlags {
  const flags = options as unknown as CheckFlags;
  for (const id of flags.ignore) {
    const ids = ORDERED_CHECKS.map((check) => check.id);
    if (ids.includes(id)) continue;
    const meant = nearest(id, ids);
    throw new UsageError(
      `--ignore ${id}: there is no such check; ${meant ? `did you mean ${meant}?` : `there are ${ids.join(", ")}`}`,
    );
  }
  for (const entry of flags.callers) {
    if (!/^[^=]+=./.test(entry)) {
      throw new UsageError(
        `--callers ${entry}: write SERVICE=WHO, such as api=web, where WHO is what the annotation ${CALLERS} takes`,
      );
    }
  }
  return flags;
}
