import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isAtLeast, type LintFinding, type Severity } from "./finding.ts";
import { lintManifests } from "./lint-manifests.ts";
import { parseManifests } from "./parse-manifests.ts";

const FOLDER = join(import.meta.dirname, "fixtures/one-fault");

/** What is found in manifests with one fault, and how severe it is at least. */
const FAULTS: Readonly<Record<string, readonly [rule: string, severity: Severity]>> = {
  "target-port-name": ["service-target-port", "error"],
  "chart-version-in-selector": ["version-in-selector", "warning"],
  "helm-chart-label-in-selector": ["version-in-selector", "warning"],
  "run-as-non-root-uid-0": ["root-user", "error"],
  "egress-without-dns": ["egress-dns", "error"],
  "read-only-root-no-tmp": ["read-only-root", "info"],
  "unresolved-variable": ["undefined-variable", "warning"],
  "shell-script-needs-variable": ["undefined-variable", "warning"],
  "volume-mount-name": ["api-server", "error"],
  "surge-0-unavailable-0": ["api-server", "error"],
  "old-api-version": ["api-server", "error"],
  "misspelt-field": ["api-server", "error"],
  "wrong-indent-env": ["api-server", "error"],
  "env-value-number": ["api-server", "error"],
  "grpc-probe-named-port": ["api-server", "error"],
  "recreate-with-rolling-update": ["api-server", "error"],
  "secret-key-renamed": ["missing-key", "warning"],
  "volume-item-key-renamed": ["missing-key", "error"],
  "grpc-probe-port": ["probe-port", "error"],
  "service-selector-typo": ["service-selector", "error"],
  "namespace-label-missing": ["network-policy-callers", "error"],
  "service-protocol": ["service-target-port", "error"],
  "target-port-quoted-number": ["service-target-port", "error"],
  "hpa-target-typo": ["missing-object", "warning"],
  "ingress-names-missing-port": ["backend-port", "error"],
  "image-pull-secret-missing": ["missing-configuration", "warning"],
  "rwo-volume-rolling-update": ["exclusive-volume", "warning"],
  "rwo-volume-three-replicas": ["exclusive-volume", "warning"],
  "host-port-with-surge": ["host-port", "warning"],
  "pdb-blocks-drain": ["disruption-budget", "warning"],
  "pre-stop-longer-than-grace": ["grace-period", "warning"],
  "liveness-during-migration": ["missing-startup-probe", "info"],
  "probe-timeout-over-period": ["probe-timing", "info"],
  "node-selector-typo": ["node-selector", "warning"],
  "request-over-any-node": ["oversized-request", "warning"],
  "quota-demands-a-limit": ["resource-quota", "warning"],
  "env-from-typo": ["missing-configuration", "warning"],
};

/** Manifests that only look wrong: nothing is reported of them. */
const FAULTLESS: readonly string[] = [
  "run-as-non-root-no-uid",
  "probe-port-zero-start",
  "stateful-pod-name-service",
];

describe("manifests with one fault each", () => {
  for (const [name, [rule, severity]] of Object.entries(FAULTS)) {
    it(`${name}: ${rule} is found, and gone after the fix`, () => {
      const before = findingsOf(name, "before");
      const found = before.filter((finding) => finding.rule === rule);
      expect(
        found.some((finding) => isAtLeast(finding.severity, severity)),
        reported(before),
      ).to.equal(true);
      const after = findingsOf(name, "after");
      const wrong = after.filter(
        (finding) => finding.severity === "error" || (finding.rule === rule && finding.severity !== "info"),
      );
      expect(wrong, reported(after)).to.deep.equal([]);
    });
  }

  for (const name of FAULTLESS) {
    it(`${name}: nothing is found before, nor after`, () => {
      expect(findingsOf(name, "before")).to.deep.equal([]);
      expect(findingsOf(name, "after")).to.deep.equal([]);
    });
  }
});

function findingsOf(name: string, file: "before" | "after"): readonly LintFinding[] {
  const text = readFileSync(join(FOLDER, name, `${file}.yaml`), "utf8");
  return lintManifests(parseManifests(text, `${file}.yaml`).manifests).findings;
}

function reported(findings: readonly LintFinding[]): string {
  return findings.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`).join("\n");
}
