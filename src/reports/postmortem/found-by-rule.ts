// Which lint rule finds a cause before anything is rolled out, for those that manifests tell.
import type { CauseClass } from "../../api/causes.ts";

const FOUND_BY: Partial<Record<CauseClass, string>> = {
  SecretMissing: "missing-configuration",
  ConfigMapMissing: "missing-configuration",
  KeyMissing: "missing-key",
  EnvironmentVariableMissing: "env-drift",
  ServiceSelectorMismatch: "service-selector",
  ServicePortNotServed: "service-target-port",
  NetworkPolicyBlocks: "network-policy-callers",
  ProbePortNotServed: "probe-port",
  ProbePathNotServed: "probe-path",
  SlowStart: "probe-timing",
  NoReadinessProbe: "missing-readiness-probe",
};

/** The id of the rule, or undefined where only a running cluster can tell. */
export function foundBy(cause: CauseClass | undefined): string | undefined {
  return cause && FOUND_BY[cause];
}
