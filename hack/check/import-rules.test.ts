import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { checkImports } from "./import-rules.ts";

/** A project of these files; it shares our node_modules and package.json. */
async function aProject(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "import-rules-"));
  const ours = join(import.meta.dirname, "../..");
  await symlink(join(ours, "node_modules"), join(root, "node_modules"));
  await symlink(join(ours, "package.json"), join(root, "package.json"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** The names of the rules that the files break. */
async function brokenBy(
  files: Readonly<Record<string, string>>,
  misplaced: readonly string[] = [],
): Promise<string[]> {
  const root = await aProject(files);
  try {
    const { violations } = await checkImports(root, misplaced);
    return violations.map((violation) => /^ {2}(\S+):/m.exec(violation)?.[1] ?? violation).sort();
  } finally {
    await rm(root, { recursive: true });
  }
}

const imports = (...paths: string[]) =>
  paths
    .map((path, index) => `import * as m${index} from "${path}";\nexport const c${index} = m${index};\n`)
    .join("");
const EMPTY = "export const nothing = 0;\n";

describe("checkImports", () => {
  it("accepts imports down the layers", async () => {
    const broken = await brokenBy({
      "src/api/a.ts": imports("zod"),
      "src/domain/d.ts": imports("../api/a.ts"),
      "src/reports/r.ts": imports("../api/a.ts", "../domain/d.ts"),
      "src/kube/k.ts": imports(
        "../api/a.ts",
        "../domain/d.ts",
        "undici",
        "@kubernetes/client-node",
        "node:fs",
      ),
      "src/telemetry/t.ts": imports("../api/a.ts", "winston", "prom-client"),
      "src/controller/c.ts": imports(
        "../api/a.ts",
        "../domain/d.ts",
        "../kube/k.ts",
        "../telemetry/t.ts",
        "p-queue",
      ),
      "src/version.ts": EMPTY,
      "src/operator/o.ts": imports(
        "../controller/c.ts",
        "../kube/k.ts",
        "../telemetry/t.ts",
        "../version.ts",
      ),
      "src/cli/p.ts": imports("../reports/r.ts", "../kube/k.ts", "../version.ts", "commander"),
      "src/main.ts": imports("./operator/o.ts"),
      "src/main.test.ts": imports("chai", "./main.ts", "./kube/testing/fake.ts"),
      "src/kube/testing/fake.ts": imports("chai", "../k.ts"),
      "hack/h.ts": imports("../src/kube/k.ts", "yaml", "esbuild"),
      "e2e/e.ts": imports("../hack/h.ts", "@rolloutguard/simulated-cluster/random"),
    });
    expect(broken).to.deep.equal([]);
  });

  for (const [rule, files] of [
    ["api-imports", { "src/api/a.ts": imports("../domain/d.ts"), "src/domain/d.ts": EMPTY }],
    ["domain-imports", { "src/domain/d.ts": imports("../kube/k.ts"), "src/kube/k.ts": EMPTY }],
    ["kube-imports", { "src/kube/k.ts": imports("../telemetry/t.ts"), "src/telemetry/t.ts": EMPTY }],
    ["telemetry-imports", { "src/telemetry/t.ts": imports("../kube/k.ts"), "src/kube/k.ts": EMPTY }],
    ["reports-imports", { "src/reports/r.ts": imports("../kube/k.ts"), "src/kube/k.ts": EMPTY }],
    ["manifests-imports", { "src/manifests/m.ts": imports("../kube/k.ts"), "src/kube/k.ts": EMPTY }],
    [
      "controller-imports",
      { "src/controller/c.ts": imports("../operator/o.ts"), "src/operator/o.ts": EMPTY },
    ],
    ["controller-imports", { "src/controller/c.ts": imports("../version.ts"), "src/version.ts": EMPTY }],
    ["operator-imports", { "src/operator/o.ts": imports("../cli/p.ts"), "src/cli/p.ts": EMPTY }],
    ["cli-imports", { "src/cli/p.ts": imports("../operator/o.ts"), "src/operator/o.ts": EMPTY }],
    ["cli-imports", { "src/cli/p.ts": imports("../controller/c.ts"), "src/controller/c.ts": EMPTY }],
    ["domain-is-pure", { "src/domain/d.ts": imports("node:os") }],
    ["domain-is-pure", { "src/reports/r.ts": imports("node:fs") }],
    ["http-by-kube-and-answers", { "src/controller/c.ts": imports("undici") }],
    ["kube-owns-the-client", { "src/cli/c.ts": imports("@kubernetes/client-node") }],
    ["telemetry-owns-its-libraries", { "src/kube/k.ts": imports("prom-client") }],
    ["telemetry-owns-its-libraries", { "src/main.ts": imports("winston") }],
    ["src-stands-alone", { "src/kube/k.test.ts": imports("../../hack/h.ts"), "hack/h.ts": EMPTY }],
    ["hack-stands-below-e2e", { "hack/h.ts": imports("../e2e/e.ts"), "e2e/e.ts": EMPTY }],
    [
      "simulated-cluster-by-its-face",
      { "e2e/e.ts": imports("../hack/simulated-cluster/s.ts"), "hack/simulated-cluster/s.ts": EMPTY },
    ],
    [
      "simulated-cluster-by-its-face",
      {
        "hack/demo/d.ts": imports("../simulated-cluster/exports/s.ts"),
        "hack/simulated-cluster/exports/s.ts": EMPTY,
      },
    ],
    [
      "simulated-cluster-stands-alone",
      { "hack/simulated-cluster/s.test.ts": imports("../../src/api/a.ts"), "src/api/a.ts": EMPTY },
    ],
    [
      "simulated-cluster-stands-alone",
      { "hack/simulated-cluster/s.ts": imports("../h.ts"), "hack/h.ts": EMPTY },
    ],
    [
      "simulated-cluster-names-its-packages",
      {
        "hack/simulated-cluster/s.ts": imports("yaml"),
        "hack/simulated-cluster/package.json": '{"dependencies":{}}',
      },
    ],
    ["imports-exist", { "e2e/e.ts": imports("@rolloutguard/simulated-cluster/kubelet/kubelet.ts") }],
    ["tests-are-leaves", { "src/kube/k.ts": imports("./j.test.ts"), "src/kube/j.test.ts": EMPTY }],
    ["tests-are-leaves", { "src/kube/k.ts": imports("./testing/f.ts"), "src/kube/testing/f.ts": EMPTY }],
    ["no-development-packages", { "src/cli/s.ts": imports("fast-check") }],
    ["no-development-packages", { "hack/simulated-cluster/s.ts": imports("chai") }],
    ["imports-exist", { "src/api/a.ts": imports("./missing.ts") }],
  ] as const) {
    it(`finds what breaks ${rule}: ${Object.values(files)[0]?.match(/"(.*)"/)?.[1]}`, async () => {
      expect(await brokenBy(files)).to.deep.equal([rule]);
    });
  }

  it("finds type-only imports too", async () => {
    const files = {
      "src/domain/d.ts": 'import type { K } from "../kube/k.ts";\nexport type D = K;\n',
      "src/kube/k.ts": "export type K = string;\n",
    };
    expect(await brokenBy(files)).to.deep.equal(["domain-imports"]);
  });

  it("finds cycles", async () => {
    const broken = await brokenBy({ "src/kube/a.ts": imports("./b.ts"), "src/kube/b.ts": imports("./a.ts") });
    expect(new Set(broken)).to.deep.equal(new Set(["no-cycles"]));
  });

  describe("of folders that import each other", () => {
    const files = {
      "src/domain/checks/c.ts": imports("../brakes/b.ts"),
      "src/domain/brakes/b.ts": EMPTY,
      "src/domain/brakes/d.ts": imports("../checks/e.ts"),
      "src/domain/checks/e.ts": EMPTY,
    };

    it("finds the circle", async () => {
      expect(await brokenBy(files)).to.deep.equal(["no-folder-circles"]);
    });

    it("finds it between the folders of src, whatever they are called", async () => {
      const parts = { "src/x/a.ts": imports("../y/a.ts"), "src/y/a.ts": EMPTY };
      const back = { "src/y/b.ts": imports("../x/b.ts"), "src/x/b.ts": EMPTY };
      expect(await brokenBy(parts)).to.deep.equal([]);
      expect(await brokenBy({ ...parts, ...back })).to.deep.equal(["no-folder-circles"]);
    });

    it("counts no import of a test, and none of what stands in a testing folder", async () => {
      const tests = {
        ...files,
        "src/domain/brakes/d.ts": EMPTY,
        "src/domain/brakes/d.test.ts": imports("../checks/e.ts"),
        "src/domain/brakes/testing/f.ts": imports("../../checks/e.ts"),
      };
      expect(await brokenBy(tests)).to.deep.equal([]);
    });

    it("lets a misplaced file be, and complains when it is not needed any more", async () => {
      expect(await brokenBy(files, ["src/domain/checks/e.ts"])).to.deep.equal([]);
      const turned = { ...files, "src/domain/brakes/d.ts": EMPTY };
      expect(await brokenBy(turned, ["src/domain/checks/e.ts"])).to.deep.equal(["no-folder-circles"]);
    });
  });

  it("tells who imports what, and what to do instead", async () => {
    const root = await aProject({ "src/controller/c.ts": imports("undici") });
    try {
      const { violations } = await checkImports(root);
      expect(violations[0]).to.match(/^src\/controller\/c\.ts -> \S*undici/);
      expect(violations[0]).to.contain("Only src/kube asks the API server");
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it("counts the files that it read", async () => {
    const root = await aProject({ "src/api/a.ts": EMPTY, "hack/b.ts": EMPTY });
    try {
      expect((await checkImports(root)).modules).to.equal(2);
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
