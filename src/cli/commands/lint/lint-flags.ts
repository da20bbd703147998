// The flags of `lint`, and which of their values are refused.

import { CALLERS } from "../../../manifests/annotations.ts";
import { KUBERNETES_VERSIONS } from "../../../manifests/api-server/kubernetes-versions.ts";
import { SEVERITIES } from "../../../manifests/finding.ts";
import { CLUSTER_FLAGS } from "../../cluster-flags.ts";
import { UsageError } from "../../exit-codes.ts";
import { type FlagValues, hidden, oneOf, onOff, repeated, text } from "../../flags.ts";
import { refuseUrl } from "./path-hints.ts";

const OUTPUTS = ["wide", "json", "yaml", "sarif"] as const;
export type Output = (typeof OUTPUTS)[number];

export const LINT_FLAGS = {
  filename: repeated("-f, --filename <PATH>", "a file, a folder with all below, or -; repeatable", refuseUrl),
  recursive: hidden(onOff("-R, --recursive", "folders are read with all below anyway")),
  kustomize: hidden(text("-k, --kustomize <DIR>", "kubectl builds kustomizations")),
  list: onOff("--list", "list the rules"),
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
  ignore: repeated("--ignore <RULE>", "skip a rule; repeatable"),
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

export type LintFlags = FlagValues<typeof LINT_FLAGS>;

function mustBeCaller(entry: string): void {
  if (/^[^=]+=./.test(entry)) return;
  throw new UsageError(
    `--callers ${entry}: write SERVICE=WHO, such as api=web, where WHO is what the annotation ${CALLERS} takes`,
  );
}
