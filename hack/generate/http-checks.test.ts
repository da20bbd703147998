// The component of kustomize that lets the operator ask pods, and the NetworkPolicy that docs/how-to/http-checks.md shows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { rolloutGuardSpecSchema } from "../../src/api/rollout-guard.ts";
import { parseSettings } from "../../src/operator/settings.ts";
import { buildOverlay, CONFIG, OVERLAYS, only } from "./testing/overlay.ts";

const PAGE = readFileSync(join(CONFIG, "../docs/how-to/http-checks.md"), "utf8");
const blocks = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => parse(match[1] ?? ""));

describe("config/components/http-checks", () => {
  for (const { overlay, namespace } of OVERLAYS) {
    it(`lets the operator ask pods and nobody else, on top of config/${overlay}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "overlay-"));
      try {
        const config = relative(folder, CONFIG);
        const text = `resources: [${config}/${overlay}]\ncomponents: [${config}/components/http-checks]\n`;
        writeFileSync(join(folder, "kustomization.yaml"), text);
        const manifests = buildOverlay(folder);
        const { spec } = only(manifests, "Deployment");
        const { containers } = spec.template.spec;
        const parsed = parseSettings([...containers[0].args, `--lease-namespace=${namespace}`], {});
        expect(parsed).to.have.nested.property("settings.httpChecks", true);
        expect(only(manifests, "NetworkPolicy")["spec"].egress.at(-1)).to.deep.equal({
          to: [{ namespaceSelector: {} }],
        });
        const [from] = blocks.find(({ kind }) => kind === "NetworkPolicy").spec.ingress[0].from;
        expect(spec.template.metadata.labels).to.include(from.podSelector.matchLabels);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

describe("docs/how-to/http-checks.md", () => {
  const guards = blocks.filter(({ spec }) => spec?.target !== undefined);

  it("shows guards that are valid", () => {
    expect(guards).to.have.length(2);
    for (const { spec } of guards)
      expect(rolloutGuardSpecSchema.safeParse(spec)).to.include({ success: true });
  });
});
