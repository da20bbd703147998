// Writes a container image of one layer as a tar file that `ctr images import` and `docker load` take.
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { lstat, mkdir, readdir, readlink, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type TarEntry, tarOf } from "./tar.ts";

/** What becomes an image. */
export interface Image {
  /** With host and tag, such as localhost/rolloutguard:dev. */
  readonly names: readonly string[];
  /** Its content becomes the root of the container's file system. */
  readonly rootFolder: string;
  readonly entrypoint: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** "UID:GID"; root without. */
  readonly user?: string;
  readonly workingDir?: string;
}

const EPOCH = "1970-01-01T00:00:00Z";
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Writes the archive; the same content and names give the same bytes. Files belong to root, and are executable for
 * all or for nobody. The file appears when it is whole. Throws on anything that is no file, folder or symbolic link.
 */
export async function writeImageArchive(image: Image, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const layerFile = `${unfinished}.layer`;
  try {
    const layer = await writeTar(await entriesOf(image.rootFolder), layerFile);
    const config = JSON.stringify(imageConfig(image, layer.digest));
    const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
    const layerName = `${layer.digest}/layer.tar`;
    const manifest = JSON.stringify([{ Config: configName, RepoTags: image.names, Layers: [layerName] }]);
    await writeTar(
      [
        { name: configName, type: "file", mode: 0o644, content: config },
        { name: `${layer.digest}/`, type: "folder", mode: 0o755 },
        { name: layerName, type: "file", mode: 0o644, content: { path: layerFile, size: layer.size } },
        { name: "manifest.json", type: "file", mode: 0o644, content: manifest },
      ],
      unfinished,
    );
    await rename(unfinished, file);
  } finally {
    await rm(layerFile, { force: true });
    await rm(unfinished, { force: true });
  }
}

function imageConfig(image: Image, layerDigest: string): unknown {
  return {
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    os: "linux",
    created: EPOCH,
    config: {
      Entrypoint: image.entrypoint,
      Env: Object.entries(image.env ?? {}).map(([name, value]) => `${name}=${value}`),
      ...(image.user === undefined ? {} : { User: image.user }),
      WorkingDir: image.workingDir ?? "/",
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created: EPOCH, created_by: "rolloutguard" }],
  };
}

/** Everything below the folder, parents before what is in them, in an order that does not depend on the machine. */
async function entriesOf(rootFolder: string, prefix = ""): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  const names = (await readdir(join(rootFolder, prefix))).sort();
  for (const name of names) {
    const path = join(rootFolder, prefix, name);
    const found = await lstat(path);
    const inArchive = `${prefix}${name}`;
    if (found.isDirectory()) {
      const mode = (found.mode & 0o1000) === 0 ? 0o755 : 0o1777;
      entries.push({ name: `${inArchive}/`, type: "folder", mode });
      entries.push(...(await entriesOf(rootFolder, `${inArchive}/`)));
    } else if (found.isSymbolicLink()) {
      entries.push({ name: inArchive, type: "link", mode: 0o777, target: await readlink(path) });
    } else if (found.isFile()) {
      const mode = (found.mode & 0o100) === 0 ? 0o644 : 0o755;
      entries.push({ name: inArchive, type: "file", mode, content: { path, size: found.size } });
    } else {
      throw new Error(`${path} is no file, folder or symbolic link, and cannot be in an image`);
    }
  }
  return entries;
}

async function writeTar(
  entries: readonly TarEntry[],
  file: string,
): Promise<{ readonly digest: string; readonly size: number }> {
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(async function* () {
    for await (const piece of tarOf(entries)) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }, createWriteStream(file));
  return { digest: hash.digest("hex"), size };
}
