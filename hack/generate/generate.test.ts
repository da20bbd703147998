import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { findStale, generateAll } from "./generate.ts";
import { generatePerformancePage } from "./performance-page.ts";
import { generateCommandPages } from "./reference/command-pages.ts";
import { topicPages } from "./topics/topic-pages.ts";

describe("findStale", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "generate-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const expected = [
    { path: "crds/a.yaml", text: "a" },
    { path: "docs/reference/b.md", text: "b" },
  ];

  it("finds nothing when all files are as they would be written", async () => {
    await write("crds/a.yaml", "a");
    await write("docs/reference/b.md", "b");
    expect(await findStale(expected, root)).to.deep.equal([]);
  });

  it("finds files that differ and files that are missing", async () => {
    await write("crds/a.yaml", "changed by hand");
    expect(await findStale(expected, root)).to.deep.equal(["crds/a.yaml", "docs/reference/b.md"]);
  });

  it("finds files that nobody writes any more", async () => {
    await write("crds/a.yaml", "a");
    await write("docs/reference/b.md", "b");
    await write("docs/reference/old.md", "c");
    expect(await findStale(expected, root)).to.deep.equal(["docs/reference/old.md"]);
  });

  it("fails when there is nothing to compare", async () => {
    const error = await findStale([], root).catch((error: Error) => error);
    expect(error).to.be.instanceOf(Error);
  });
});

describe("generateAll", () => {
  const files = generateAll();

  it("writes the CRDs and the reference pages", () => {
    expect(files.map(({ path }) => path)).to.deep.equal([
      "crds/rolloutguard.io_rolloutguards.yaml",
      "crds/rolloutguard.io_incidents.yaml",
      "crds/kustomization.yaml",
      "config/rbac/cluster/cluster-role.yaml",
      "config/rbac/namespace/role.yaml",
      "config/operator/lease-role.yaml",
      "config/rbac/users/user-roles.yaml",
      "config/components/secure-metrics/roles.yaml",
      "config/components/logs/kustomization.yaml",
      "charts/rolloutguard/Chart.yaml",
      "charts/rolloutguard/values.yaml",
      "charts/rolloutguard/values.schema.json",
      "charts/rolloutguard/README.md",
      "charts/rolloutguard/templates/_generated.tpl",
      "charts/rolloutguard/templates/crd-rolloutguards.yaml",
      "charts/rolloutguard/templates/crd-incidents.yaml",
      "config/monitoring/rolloutguard.rules.yaml",
      "config/monitoring/prometheus-rule.yaml",
      "charts/rolloutguard/files/rolloutguard.rules.yaml",
      "docs/reference/alerts.md",
      "docs/reference/rolloutguard.md",
      "docs/reference/incident.md",
      "docs/causes/index.md",
      "docs/reasons/index.md",
      "docs/lint-rules.md",
      "docs/reference/settings.md",
      "docs/reference/metrics.md",
      "docs/reference/permissions.md",
      "docs/reference/annotations.md",
      "docs/reference/events.md",
      "docs/reference/exit-codes.md",
      ...generateCommandPages().map(({ path }) => path),
      "docs/adr/index.md",
      ...generatePerformancePage().map(({ path }) => path),
      "docs/quality/real-cluster.md",
    ]);
  });

  it("is what is checked in", async () => {
    const root = join(import.meta.dirname, "../..");
    expect(await findStale([...files, ...(await topicPages(root))], root)).to.deep.equal([]);
  });

  it("gives every row of a table as many cells as its head", () => {
    for (const { path, text } of files.filter(({ path }) => path.endsWith(".md"))) {
      const tables = text.split("\n\n").filter((block) => block.startsWith("|"));
      expect(tables.length, path).to.be.above(0);
      for (const table of tables) {
        const widths = table
          .trim()
          .split("\n")
          .map((line) => line.replaceAll("\\|", "").split("|").length);
        expect(new Set(widths).size, table).to.equal(1);
      }
    }
  });
});
