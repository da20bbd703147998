// The flags of `check`, and what of them cannot be.
import { nearest } from "../../../domain/nearest.ts";
import { KUBERNETES_VERSIONS } from "../../../manifests/api-server/schemas.ts";
import { SEVERITIES } from "../../../manifests/finding.ts";
import { CALLERS } from "../../../manifests/network/callers.ts";
import { ORDERED_CHECKS } from "../../../manifests/ordered-checks.ts";
import { CLUSTER_FLAGS } from "../../cluster-flags.ts";
import { UsageError } from "../../exit-codes.ts";
import { type FlagValues, oneOf, repeated } from "../../flags.ts";

const OUTPUTS = ["wide", "json", "yaml", "sarif"] as const;
export type Output = (typeof OUTPUTS)[number];

export const CHECK_FLAGS = {
  filename: repeated("-f, --filename <PATH>", "a file, a folder, or - for stdin; repeatable"),
  output: oneOf("-o, --output <FORM>", "wide, json, yaml or sarif", OUTPUTS),
  severity: oneOf(
    "--severity <LOWEST>",
    "show error, warning (default) or info, and worse",
    SEVERITIES,
    "warning",
  ),
  failOn: oneOf(
    "--fail-on <LOWEST>",
    "exit 1 for error (default), warning, info or never",
    [...SEVERITIES, "never"],
    "error",
  ),
  ignore: repeated("--ignore <CHECK>", "leave a check out; repeatable", mustBeCheck),
  requireLabel: repeated("--require-label <LABEL>", "KEY[=VALUE] that all pods must have; repeatable"),
  requireEnv: repeated("--require-env <NAME>", "a variable that all must be given; repeatable"),
  kubernetesVersion: oneOf(
    "--kubernetes-version <V>",
    `of the cluster: ${KUBERNETES_VERSIONS[0]} (default), ${KUBERNETES_VERSIONS.slice(1).join(", ")}`,
    KUBERNETES_VERSIONS,
  ),
  callers: repeated("--callers <SERVICE=WHO>", "a caller to be let in by policies; repeatable", mustBeCaller),
  ...CLUSTER_FLAGS,
};

export type CheckFlags = FlagValues<typeof CHECK_FLAGS>;

function mustBeCheck(id: string): void {
  const ids = ORDERED_CHECKS.map((check) => check.id);
  if (ids.includes(id)) return;
  const meant = nearest(id, ids);
  throw new UsageError(
    `--ignore ${id}: there is no such check; ${meant ? `did you mean ${meant}?` : `there are ${ids.join(", ")}`}`,
  );
}

function mustBeCaller(entry: string): void {
  if (/^[^=]+=./.test(entry)) return;
  throw new UsageError(
    `--callers ${entry}: write SERVICE=WHO, such as api=web, where WHO is what the annotation ${CALLERS} takes`,
  );
}
