import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { LintFinding } from "./finding.ts";
import { type LintRequest, lintManifests } from "./lint-manifests.ts";
import { parseManifests } from "./parse-manifests.ts";

const FOLDER = join(import.meta.dirname, "fixtures/stories");

interface Story {
  readonly name: string;
  readonly request?: LintRequest;
  /** What the story names: the rule, the place, and a word of the sentence. */
  readonly faults: readonly (readonly [rule: string, file: string, line: number, says: RegExp])[];
}

const STORIES: readonly Story[] = [
  {
    name: "wrong-port",
    faults: [
      ["service-target-port", "service.yaml", 10, /8080.*declare only 80.*containerPort: 8080/],
      ["probe-port", "deployment.yaml", 23, /port 80, while Service flask sends to port 8080/],
      ["missing-resources", "deployment.yaml", 16, /no cpu and no memory/],
    ],
  },
  {
    name: "misaligned-layers",
    faults: [
      ["service-target-port", "service.yaml", 10, /8080.*declare only 80/],
      ["probe-port", "deployment.yaml", 23, /port 80, while Service sre sends to port 8080/],
      ["image-tag", "deployment.yaml", 17, /tag latest/],
      ["missing-resources", "deployment.yaml", 16, /resources\.requests/],
      ["missing-liveness-probe", "deployment.yaml", 16, /livenessProbe/],
      ["root-user", "deployment.yaml", 14, /runAsNonRoot: true/],
    ],
  },
  {
    name: "impatient-probe",
    faults: [
      ["service-target-port", "service.yaml", 10, /8080.*declare only 80/],
      ["probe-port", "deployment.yaml", 23, /port 80/],
      ["missing-liveness-probe", "deployment.yaml", 16, /livenessProbe/],
      ["image-tag", "deployment.yaml", 17, /candidate:latest/],
      ["probe-timing", "deployment.yaml", 24, /initialDelaySeconds/],
    ],
  },
  {
    name: "empty-endpoints",
    faults: [
      ["service-selector", "services.yaml", 9, /tier=backend.*`tier: backend`.*inference-api\.yaml:12/],
      ["network-policy-callers", "network-policy.yaml", 13, /web-frontend.*UPSTREAM_URL/],
    ],
  },
  {
    name: "missing-variable",
    request: { requiredEnv: ["DATABASE_URL"] },
    faults: [
      ["missing-env", "production/checkout.yaml", 21, /DATABASE_URL/],
      [
        "env-drift",
        "production/checkout.yaml",
        21,
        /DATABASE_URL, which it has in staging\/checkout\.yaml:17/,
      ],
      ["missing-readiness-probe", "production/checkout.yaml", 17, /counts as ready/],
      ["missing-liveness-probe", "production/checkout.yaml", 17, /not restarted/],
      ["missing-resources", "production/checkout.yaml", 17, /cpu/],
    ],
  },
];

describe("rules on the manifests that the incident stories tell of", () => {
  for (const { name, request, faults } of STORIES) {
    for (const [rule, file, line, says] of faults) {
      it(`${name}: ${rule} is found before the fix, in ${file}`, () => {
        const found = findingsOf(`${name}/before`, request).filter((finding) => finding.rule === rule);
        const here = found.find(({ place }) => place.source === file && place.line === line);
        expect(here, JSON.stringify(found, null, 2)).to.not.equal(undefined);
        expect(`${here?.message} ${here?.fix}`).to.match(says);
      });

      it(`${name}: ${rule} is ${name === "impatient-probe" && rule === "image-tag" ? "still a warning" : "gone"} after the fix`, () => {
        const found = findingsOf(`${name}/after`, request).filter((finding) => finding.rule === rule);
        if (GOES_ON.has(`${name} ${rule}`)) expect(found).to.have.length(1);
        else expect(found).to.deep.equal([]);
      });
    }

    it(`${name}: nothing of severity error is left after the fix`, () => {
      const errors = findingsOf(`${name}/after`, request).filter(({ severity }) => severity === "error");
      expect(errors).to.deep.equal([]);
    });
  }
});

/** Faults that the stories leave. */
const GOES_ON = new Set(["impatient-probe image-tag"]);

function findingsOf(folder: string, request: LintRequest = {}): readonly LintFinding[] {
  const root = join(FOLDER, folder);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".yaml"),
  );
  const manifests = files.flatMap(
    (file) => parseManifests(readFileSync(join(root, file), "utf8"), file).manifests,
  );
  expect(manifests.length).to.be.above(1);
  return lintManifests(manifests, request).findings;
}
