// The root file system of the image must be whole, small, and the one that the Dockerfile makes.
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { VERSION } from "../../src/version.ts";
import { collectOperatorRoot, OPERATOR_ENTRYPOINT, OPERATOR_USER } from "./operator-root.ts";

const run = promisify(execFile);
const PROJECT = join(import.meta.dirname, "../..");
const read = (path: string) => readFile(join(PROJECT, path), "utf8");

describe("collectOperatorRoot", () => {
  let folder: string;
  let root: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "operator-root-"));
    // The temporary folder itself is closed to the user that the operator runs as.
    await chmod(folder, 0o755);
    root = join(folder, "image");
    await collectOperatorRoot(root);
  });
  after(() => rm(folder, { recursive: true }));

  it("collects all that the operator needs to run, as nobody special", async () => {
    const inRoot = ["chroot", `--userspec=${OPERATOR_USER}`, root, ...OPERATOR_ENTRYPOINT, "--version"];
    // Whoever is not root may be it in a user namespace, which knows one user only.
    const [command = "", ...args] =
      process.getuid?.() === 0 ? inRoot : ["unshare", "-r", "chroot", ...inRoot.slice(2)];
    const { stdout } = await run(command, args, { env: { PATH: process.env["PATH"] } });
    expect(stdout).to.equal(`rolloutguard ${VERSION}\n`);
  });

  it("holds Node, shared libraries, the bundle and licences, and nothing else", async () => {
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    expect(entries.every((entry) => entry.isFile() || entry.isDirectory())).to.equal(true);
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
    const expected =
      /^\/(bin\/node|(usr\/)?lib\S*\.so[.\d]*|etc\/(passwd|group|nsswitch\.conf)|rolloutguard\/\S+)$/;
    expect(files.filter((file) => !expected.test(file))).to.deep.equal([]);
    const own = files.filter((file) => file.startsWith("/rolloutguard/"));
    expect(own.filter((file) => !/\/LICENSE\.[a-z0-9.+-]+\.txt$/.test(file)).sort()).to.deep.equal([
      "/rolloutguard/LICENSE",
      "/rolloutguard/NOTICE",
      "/rolloutguard/rolloutguard.mjs",
      "/rolloutguard/rolloutguard.mjs.LEGAL.txt",
    ]);
    expect(own).to.include("/rolloutguard/LICENSE.node.txt");
  });
});

describe("Dockerfile", () => {
  it("starts what the archive of npm run image starts, as the same user", async () => {
    const text = await read("Dockerfile");
    expect(text).to.contain(`ENTRYPOINT ${JSON.stringify(OPERATOR_ENTRYPOINT).replaceAll(",", ", ")}\n`);
    expect(text).to.contain(`USER ${OPERATOR_USER}\n`);
    expect(text).to.match(/\nFROM scratch\nCOPY --from=build \S+ \/\n/);
  });

  it("builds on the Node that the project is tested with", async () => {
    const { devDependencies } = JSON.parse(await read("package.json"));
    const major = /^\^?(\d+)\./.exec(devDependencies.node)?.[1];
    expect(await read("Dockerfile")).to.match(new RegExp(`^FROM node:${major}-\\S+ AS build$`, "m"));
  });

  it("copies every file that building the bundle reads", async () => {
    const copied = [...(await read("Dockerfile")).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, paths]) => paths?.split(" ") ?? [],
    );
    const imported = /^import .*?from "(\.{1,2}\/[^"]+)";$/gm;
    for (const file of copied.filter((path) => path.startsWith("hack/"))) {
      for (const [, path = ""] of (await read(file)).matchAll(imported)) {
        expect(copied, `${file} imports ${path}`).to.include(join(file, "..", path));
      }
    }
    expect(copied).to.include.members(["package.json", "package-lock.json", "src", "LICENSE", "NOTICE"]);
  });
});
