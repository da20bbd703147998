import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { defaultCacheFolder, fillFolder } from "./cache-folder.ts";
import { givenFolder } from "./choose-binaries.ts";
import { sourceAmong, sourcesList, versionInSuite } from "./debian-packages.ts";
import { KUBERNETES_PROGRAMS, kubernetesVersion, linkerFlags } from "./kubernetes-build.ts";

describe("The programs of a local cluster", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "binaries-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function folderWith(name: string, programs: readonly string[]): string {
    const path = join(folder, name);
    mkdirSync(path);
    for (const program of programs) writeFileSync(join(path, program), "");
    return path;
  }

  it("are taken from the given folder, before that of KUBERNETES_BIN_DIR, before that of KUBEBUILDER_ASSETS", () => {
    const option = folderWith("option", KUBERNETES_PROGRAMS);
    const KUBERNETES_BIN_DIR = folderWith("named", KUBERNETES_PROGRAMS);
    const KUBEBUILDER_ASSETS = folderWith("assets", KUBERNETES_PROGRAMS);
    expect(givenFolder(option, { KUBERNETES_BIN_DIR, KUBEBUILDER_ASSETS })).to.equal(option);
    expect(givenFolder(undefined, { KUBERNETES_BIN_DIR, KUBEBUILDER_ASSETS })).to.equal(KUBERNETES_BIN_DIR);
    expect(givenFolder(undefined, { KUBEBUILDER_ASSETS })).to.equal(KUBEBUILDER_ASSETS);
    expect(givenFolder(undefined, {})).to.equal(undefined);
  });

  it("must all be in a folder that is meant for them", () => {
    const KUBERNETES_BIN_DIR = folderWith("named", ["kube-apiserver", "kube-scheduler"]);
    expect(() => givenFolder(undefined, { KUBERNETES_BIN_DIR })).to.throw(
      "missing: kube-controller-manager, kubelet.",
    );
  });

  it("are not taken from Kubebuilder's assets when those have no kubelet, as is usual", () => {
    const KUBEBUILDER_ASSETS = folderWith("assets", ["kube-apiserver", "etcd", "kubectl"]);
    expect(givenFolder(undefined, { KUBEBUILDER_ASSETS })).to.equal(undefined);
  });

  it("say the version that the Go module requires", () => {
    const version = kubernetesVersion();
    expect(version).to.match(/^v1\.\d+\.\d+$/);
    expect(kubernetesVersion("require (\n\tk8s.io/kubernetes v1.99.3\n)\n")).to.equal("v1.99.3");
    const flags = linkerFlags("v1.99.3");
    for (const value of ["gitVersion=v1.99.3", "gitMajor=1", "gitMinor=99"]) {
      expect(flags).to.include(`-X k8s.io/component-base/version.${value}`);
    }
  });

  it("are cached where the user's caches are", () => {
    expect(defaultCacheFolder({ XDG_CACHE_HOME: "/caches" })).to.equal("/caches/rolloutguard");
    expect(defaultCacheFolder({})).to.match(/\/\.cache\/rolloutguard$/);
  });

  it("appear in the cache all together or not at all", async () => {
    const target = join(folder, "packages");
    const failure = await fillFolder(target, async (unfinished) => {
      writeFileSync(join(unfinished, "half"), "");
      expect(existsSync(target)).to.equal(false);
      throw new Error("the network went away");
    }).catch(String);
    expect(failure).to.include("the network went away");
    expect(readdirSync(folder)).to.deep.equal([]);
    await fillFolder(target, async (unfinished) => writeFileSync(join(unfinished, "whole"), ""));
    expect(readdirSync(folder)).to.deep.equal(["packages"]);
    expect(readdirSync(target)).to.deep.equal(["whole"]);
  });

  it("stay as they are when another process put them into the cache meanwhile", async () => {
    const target = folderWith("packages", []);
    writeFileSync(join(target, "first"), "");
    await fillFolder(target, async (unfinished) => writeFileSync(join(unfinished, "second"), ""));
    expect(readdirSync(target)).to.deep.equal(["first"]);
    expect(readdirSync(folder)).to.deep.equal(["packages"]);
  });
});

describe("Debian's packages", () => {
  const TABLE = [
    "containerd | 2.1.9+ds1-5 | http://mirror/debian sid/main amd64 Packages",
    "containerd | 1.6.20~ds1-1 | http://mirror/debian bookworm/main amd64 Packages",
    "",
  ].join("\n");

  it("have the version that apt tells for the suite", () => {
    expect(versionInSuite(TABLE, "bookworm")).to.equal("1.6.20~ds1-1");
    expect(versionInSuite(TABLE, "sid")).to.equal("2.1.9+ds1-5");
    expect(versionInSuite(TABLE, "trixie")).to.equal(undefined);
  });

  it("come from the address from which the machine has its own suite", () => {
    const targets = [
      "https://other.example/apt/|nodistro",
      "http://mirror.example/debian/|bookworm",
      "http://mirror.example/debian-security/|bookworm-security",
    ].join("\n");
    expect(sourceAmong(targets, "bookworm")).to.deep.equal({
      address: "http://mirror.example/debian/",
      suite: "bookworm",
    });
    expect(sourceAmong("http://mirror.example/debian/|stable\n", "trixie")?.suite).to.equal("stable");
    expect(sourceAmong("https://other.example/apt/|nodistro\n", "bookworm")).to.equal(undefined);
    expect(sourceAmong("", "bookworm")).to.equal(undefined);
  });

  it("are looked for in the machine's suite and in the newest, which are one on some machines", () => {
    const address = "http://mirror.example/debian/";
    expect(sourcesList({ address, suite: "bookworm" }, false)).to.equal(
      `deb ${address} bookworm main\ndeb ${address} sid main\n`,
    );
    expect(sourcesList({ address, suite: "sid" }, true)).to.match(/^deb \[signed-by=\S+\] \S+ sid main\n$/);
  });
});
