// The component of kustomize that mounts metric sources, as docs/how-to/metric-sources.md uses it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { parseSourceFile } from "../../src/answers/metrics/source-file.ts";
import { parseSettings } from "../../src/operator/settings.ts";
import { buildOverlay, CONFIG, type Manifest, OVERLAYS, only } from "./testing/overlay.ts";

const PAGE = readFileSync(join(CONFIG, "../docs/how-to/metric-sources.md"), "utf8");
const blocks = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? "");

describe("config/components/metric-sources", () => {
  for (const { overlay, namespace } of OVERLAYS) {
    it(`mounts the file that the page has the administrator write, on top of config/${overlay}`, () => {
      const kustomization = blocks.find((text) => text.includes("configMapGenerator:"));
      const sources = blocks.find((text) => text.startsWith("sources:"));
      if (kustomization === undefined || sources === undefined)
        throw new Error("the page does not show both");
      const folder = mkdtempSync(join(tmpdir(), "overlay-"));
      try {
        const config = relative(folder, CONFIG);
        const text = kustomization
          .replaceAll("../rolloutguard/config/default", `${config}/${overlay}`)
          .replaceAll("../rolloutguard/config", config)
          .replace("namespace: rolloutguard-system", `namespace: ${namespace}`);
        writeFileSync(join(folder, "kustomization.yaml"), text);
        writeFileSync(join(folder, "sources.yaml"), sources);
        const manifests = buildOverlay(folder);
        const { volumes, containers } = only(manifests, "Deployment")["spec"].template.spec;
        const { settings } = parseSettings([...containers[0].args, `--lease-namespace=${namespace}`], {}) as {
          readonly settings: { readonly metricSources: string };
        };
        const [mount] = containers[0].volumeMounts;
        const [volume] = volumes;
        expect(mount.name).to.equal(volume.name);
        expect(settings.metricSources).to.equal(`${mount.mountPath}/sources.yaml`);
        const map = only(manifests, "ConfigMap", volume.configMap.name);
        expect(map.metadata.namespace).to.equal(namespace);
        expect(map["data"]["sources.yaml"]).to.equal(sources);
        const ports = only(manifests, "NetworkPolicy")["spec"].egress.flatMap(
          (rule: Manifest) => rule["ports"],
        );
        expect(ports).to.deep.include({ protocol: "TCP", port: 9090 });
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

describe("docs/how-to/metric-sources.md", () => {
  for (const sources of blocks.filter((text) => text.startsWith("sources:"))) {
    it(`shows a valid file: ${/url: (\S+)/.exec(sources)?.[1]}`, () => {
      expect(parseSourceFile(sources)).to.have.length.above(0);
    });
  }
});
