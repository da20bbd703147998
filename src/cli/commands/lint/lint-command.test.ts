import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { ORDERED_RULES } from "../../../manifests/ordered-rules.ts";
import { runCommand } from "../../testing/run-command.ts";
import { DEPLOYMENT, SERVICE } from "./testing/manifests.ts";

const GOOD_SERVICE = SERVICE.replace(", tier: front", "");

describe("kubectl rolloutguard lint -f", () => {
  let folder: string;
  const write = (file: string, text: string): string => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const lint = (...args: readonly string[]) => runCommand(["lint", ...args]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lint-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("holds objects of several files, of folders below and of other forms against each other", async () => {
    const service = write("a/service.json", JSON.stringify(parse(SERVICE)));
    write("a/b/deployment.yml", DEPLOYMENT);
    write("a/notes.txt", "kind: nothing");
    const { exitCode, out } = await lint("-f", join(folder, "a"));
    expect(exitCode).to.equal(1);
    expect(out).to.include(service).and.to.include("service-selector").and.to.include("tier=front");
  });

  it("reads stdin beside files", async () => {
    const file = write("d.yaml", DEPLOYMENT);
    const { exitCode, out } = await runCommand(["lint", "-f", file, "-f", "-"], { input: SERVICE });
    expect(exitCode).to.equal(1);
    expect(out).to.match(/^stdin\n {2}5:24/m);
  });

  it("counts infos and does not show them, unless it is asked to", async () => {
    const file = write("d.yaml", DEPLOYMENT);
    const { exitCode, out } = await lint("-f", file);
    expect(exitCode).to.equal(0);
    expect(out).to.include("image-tag").and.to.not.include("root-user");
    expect(out).to.match(/3 warnings, 2 infos in 1 object; 2 not shown: --severity info/);
    expect((await lint("-f", file, "--severity", "info")).out).to.include("root-user");
  });

  it("fails as --fail-on says, whatever is shown", async () => {
    const file = write("d.yaml", DEPLOYMENT);
    const codeOf = async (...args: readonly string[]) => (await lint("-f", file, ...args)).exitCode;
    expect(await codeOf("--fail-on", "warning", "--severity", "error")).to.equal(1);
    expect(await codeOf("--fail-on", "error")).to.equal(0);
    write("s.yaml", SERVICE);
    expect(await codeOf("-f", join(folder, "s.yaml"))).to.equal(1);
    expect(await codeOf("-f", join(folder, "s.yaml"), "--fail-on", "never")).to.equal(0);
    expect(await codeOf("-f", join(folder, "s.yaml"), "--ignore", "service-selector")).to.equal(0);
  });

  it("passes labels, variables and callers on", async () => {
    const file = write(
      "d.yaml",
      `${DEPLOYMENT}---\n${GOOD_SERVICE}---\napiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none}
spec: {podSelector: {}}
`,
    );
    const { out } = await lint(
      "-f",
      file,
      "--require-label",
      "tier",
      "--require-env",
      "A",
      "--callers",
      "web=app=x",
      "--callers",
      "web=other",
    );
    expect(out).to.include("required-label").and.to.include("missing-env");
    expect(out.match(/network-policy-callers/g)).to.have.length(2);
  });

  it("validates against the version of Kubernetes that the cluster has, and refuses one that it does not know", async () => {
    const file = write("d.yaml", DEPLOYMENT.replace("apps/v1", "apps/v1beta1"));
    const { exitCode, out } = await lint("-f", file, "--kubernetes-version", "1.35");
    expect(exitCode).to.equal(1);
    expect(out).to.include("no matches for kind");
    const unknown = await lint("-f", file, "--kubernetes-version", "0.1");
    expect(unknown.exitCode).to.equal(2);
  });

  it("says that callers are declared of a Service that is not there", async () => {
    const { out } = await lint("-f", write("d.yaml", DEPLOYMENT), "--callers", "wbe=x");
    expect(out).to.include("there is no Service wbe");
  });

  it("says where broken YAML is broken, lints the rest, and calls the whole not read", async () => {
    write("good.yaml", DEPLOYMENT);
    const broken = write("broken.yaml", "apiVersion: [1\nb: 2\n");
    const { exitCode, out } = await lint("-f", folder);
    expect(exitCode).to.equal(3);
    expect(out)
      .to.include(`${broken}:2:`)
      .and.to.include("image-tag")
      .and.to.match(/1 place\s+could\s+not\s+be\s+read/);
  });

  it("does not mind data that lies beside manifests", async () => {
    write("good.yaml", DEPLOYMENT);
    write("lines.json", '{"a": 1}\n{"a": 2}\n');
    expect((await lint("-f", folder)).exitCode).to.equal(0);
    expect((await lint("-f", join(folder, "lines.json"))).exitCode).to.equal(3);
  });

  it("leaves out patches of kustomize and charts of Helm, and says so", async () => {
    write("base/kustomization.yaml", "patches: [{path: patch.yaml}]\nresources: [d.yaml]");
    write(
      "base/patch.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: x}]}}}",
    );
    write("base/d.yaml", DEPLOYMENT);
    write("chart/Chart.yaml", "name: x");
    write("chart/templates/d.yaml", "{{ if }}");
    const { exitCode, out } = await lint("-f", folder);
    expect(exitCode).to.equal(0);
    expect(out)
      .to.include("1 patch of kustomize")
      .and.to.include("Helm chart")
      .and.to.include(" in 1 object");
  });

  for (const [what, args, says, exitCode] of [
    ["a path that is not there", ["-f", "/no/such/file.yaml"], "no file or folder /no/such/file.yaml", 2],
    ["an empty stdin", ["-f", "-"], "stdin is empty", 3],
    ["a file and a name", ["-f", "-", "web"], "not both", 2],
    ["a rule that does not exist", ["-f", "-", "--ignore", "image-tags"], "did you mean image-tag?", 2],
    ["a path without -f", ["k8s/"], "pass it with -f: kubectl rolloutguard lint -f k8s/", 2],
    ["a file without -f", ["web.yaml"], "pass it with -f: kubectl rolloutguard lint -f web.yaml", 2],
    ["another kind", ["service/web"], "pass deployment/NAME", 2],
    [
      "a URL",
      ["-f", "https://x.org/web.yaml"],
      "curl -fsSL https://x.org/web.yaml | kubectl rolloutguard",
      2,
    ],
    ["a kustomization", ["-k", "base"], "kubectl kustomize base | kubectl rolloutguard lint -f -", 2],
    ["callers of nothing", ["-f", "-", "--callers", "web"], "SERVICE=WHO", 2],
    ["a kubeconfig that is not there", ["--kubeconfig", "/no/such/config"], "/no/such/config", 3],
  ] as const) {
    it(`says what to do about ${what}`, async () => {
      const run = await lint(...args);
      expect(run.err)
        .to.include(says)
        .and.to.match(/^error: /);
      expect([run.exitCode, run.out]).to.deep.equal([exitCode, ""]);
    });
  }

  it("says that a folder has no manifests, and that a file has none", async () => {
    expect((await lint("-f", folder)).err).to.include(`no manifests in the folder ${folder}`);
    const { exitCode, err } = await lint("-f", write("values.yaml", "replicas: 3"));
    expect([exitCode, err]).to.deep.equal([
      3,
      `error: no Kubernetes objects in ${join(folder, "values.yaml")}\n`,
    ]);
  });

  it("lists every rule with its severity and what it means, as text and as data", async () => {
    const { exitCode, out } = await lint("--list");
    expect(exitCode).to.equal(0);
    expect(out).to.match(/^RULE +SEVERITY +MEANING\napi-server +error +\S/);
    expect(out.trimEnd().split("\n")).to.have.lengthOf(ORDERED_RULES.length + 1);
    const { rules } = JSON.parse((await lint("--list", "-o", "json")).out) as { rules: object[] };
    expect(rules.map((rule) => "id" in rule && rule.id)).to.deep.equal(ORDERED_RULES.map(({ id }) => id));
    expect(rules[0]).to.have.keys("id", "severity", "meaning", "advice", "documentation");
  });

  it("reads folders with all below, with -R as without", async () => {
    write("a/b/deployment.yaml", DEPLOYMENT);
    expect((await lint("-R", "-f", folder)).out).to.equal((await lint("-f", folder)).out);
  });

  it("says on a terminal that it waits for somebody to type", async () => {
    const { err } = await runCommand(["lint", "-f", "-"], { input: DEPLOYMENT, isInputTyped: true });
    expect(err).to.include("Ctrl-D");
  });
});
