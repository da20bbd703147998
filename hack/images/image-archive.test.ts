import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Image, writeImageArchive } from "./image-archive.ts";

interface Manifest {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

const LONG = "a-folder-with-a-long-name-".repeat(5);

describe("The archive of an image", () => {
  let folder: string;
  let image: Image;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "image-archive-"));
    const rootFolder = join(folder, "root");
    mkdirSync(join(rootFolder, "bin"), { recursive: true });
    mkdirSync(join(rootFolder, "tmp"));
    chmodSync(join(rootFolder, "tmp"), 0o1777);
    mkdirSync(join(rootFolder, LONG));
    writeFileSync(join(rootFolder, "bin/program"), "x".repeat(100_000), { mode: 0o700 });
    writeFileSync(join(rootFolder, "note"), "é\n", { mode: 0o600 });
    writeFileSync(join(rootFolder, LONG, "file"), "deep");
    symlinkSync("bin/program", join(rootFolder, "link"));
    image = {
      names: ["localhost/program:v1", "localhost/program:v2"],
      rootFolder,
      entrypoint: ["/bin/program"],
    };
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function unpacked(): Promise<{ files: string; manifest: Manifest; config: never }> {
    const file = join(folder, "image.tar");
    await writeImageArchive(image, file);
    const files = join(folder, "unpacked");
    mkdirSync(files);
    execFileSync("tar", ["-xf", file, "-C", files]);
    const [manifest] = JSON.parse(readFileSync(join(files, "manifest.json"), "utf8"));
    return {
      files,
      manifest,
      config: JSON.parse(readFileSync(join(files, manifest.Config), "utf8")) as never,
    };
  }

  it("names its tags, its configuration and its one layer by their content", async () => {
    const { files, manifest, config } = await unpacked();
    expect(manifest.RepoTags).to.deep.equal(["localhost/program:v1", "localhost/program:v2"]);
    const [layer] = manifest.Layers;
    const digest = createHash("sha256")
      .update(readFileSync(join(files, `${layer}`)))
      .digest("hex");
    expect((config as { rootfs: unknown }).rootfs).to.deep.equal({
      type: "layers",
      diff_ids: [`sha256:${digest}`],
    });
    const text = readFileSync(join(files, manifest.Config));
    expect(manifest.Config).to.equal(`${createHash("sha256").update(text).digest("hex")}.json`);
  });

  it("holds files, folders, links and long names as tar reads them, owned by root", async () => {
    const { files, manifest } = await unpacked();
    const [layer] = manifest.Layers;
    const list = execFileSync("tar", ["-tvf", join(files, `${layer}`), "--numeric-owner", "--utc"], {
      encoding: "utf8",
    });
    const lines = list
      .trim()
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));
    expect(lines).to.deep.equal([
      `drwxr-xr-x 0/0 0 1970-01-01 00:00 ${LONG}/`,
      `-rw-r--r-- 0/0 4 1970-01-01 00:00 ${LONG}/file`,
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 bin/",
      "-rwxr-xr-x 0/0 100000 1970-01-01 00:00 bin/program",
      "lrwxrwxrwx 0/0 0 1970-01-01 00:00 link -> bin/program",
      "-rw-r--r-- 0/0 3 1970-01-01 00:00 note",
      "drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/",
    ]);
    const content = execFileSync("tar", ["-xOf", join(files, `${layer}`), "note", `${LONG}/file`]);
    expect(content.toString("utf8")).to.equal("deepé\n");
  });

  it("carries user, environment, working folder and entrypoint", async () => {
    image = { ...image, user: "65532:65532", env: { PORT: "8080" }, workingDir: "/app" };
    const { config } = await unpacked();
    expect((config as { config: unknown }).config).to.deep.equal({
      Entrypoint: ["/bin/program"],
      Env: ["PORT=8080"],
      User: "65532:65532",
      WorkingDir: "/app",
    });
  });

  it("is the same, byte by byte, for the same content at another time", async () => {
    await writeImageArchive(image, join(folder, "first.tar"));
    utimesSync(join(image.rootFolder, "note"), 1, 1);
    await writeImageArchive(image, join(folder, "second.tar"));
    expect(readFileSync(join(folder, "first.tar")).equals(readFileSync(join(folder, "second.tar")))).to.equal(
      true,
    );
  });

  it("leaves nothing but itself, and nothing at all when it fails", async () => {
    await writeImageArchive(image, join(folder, "out/image.tar"));
    expect(readdirSync(join(folder, "out"))).to.deep.equal(["image.tar"]);
    execFileSync("mkfifo", [join(image.rootFolder, "pipe")]);
    const failure = await writeImageArchive(image, join(folder, "none/image.tar")).catch(String);
    expect(failure).to.include("pipe is no file, folder or symbolic link");
    expect(readdirSync(join(folder, "none"))).to.deep.equal([]);
  });
});
