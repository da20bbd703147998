// Collects what the operator's image holds: Node, the libraries that it is linked to, the bundle, and nothing else.
// The Dockerfile and `npm run image` both use it, so that what is tried without Docker is what Docker makes.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { buildBundle } from "../build.ts";

const run = promisify(execFile);

const PROJECT = join(import.meta.dirname, "../..");

/** How the operator is started in its root file system. */
export const OPERATOR_ENTRYPOINT = ["/bin/node", "/rolloutguard/rolloutguard.mjs"] as const;

/** Whom it runs as: nobody else's number, and not root. */
export const OPERATOR_USER = "65532:65532";

/** Names for that number; and hosts are looked up in /etc/hosts first, which pods may add to. */
const ETC: Readonly<Record<string, string>> = {
  passwd: "root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n",
  group: "root:x:0:\nnonroot:x:65532:\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
};

/** Fills an empty or missing folder. Takes the running Node. Rejects where there is no ldd, as outside Linux. */
export async function collectOperatorRoot(rootFolder: string): Promise<void> {
  const node = await realpath(process.execPath);
  await copy(node, join(rootFolder, "bin/node"));
  // At the very paths where the linker looks for them, whatever links lead there on this machine.
  const libraries = await librariesOf(node);
  for (const library of libraries) await copy(library, join(rootFolder, library));
  await mkdir(join(rootFolder, "etc"));
  for (const [name, text] of Object.entries(ETC)) await writeFile(join(rootFolder, "etc", name), text);
  await bundleInto(join(rootFolder, "rolloutguard"));
  await copyLicences(node, join(rootFolder, "rolloutguard"));
  await copyLibraryLicences(libraries, join(rootFolder, "rolloutguard"));
}

/** The shared libraries of a program and its dynamic linker, as absolute paths. Rejects when one is not found. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run("ldd", [program]);
  if (stdout.includes("not found")) throw new Error(`${program} needs what is not here:\n${stdout}`);
  // "libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)"; the kernel's own has no path.
  return [...stdout.matchAll(/(?:=>\s*|^\s*)(\/\S+) \(0x/gm)].map(([, path]) => path ?? "");
}

/** The bundle and its licences; not the source map, which is larger than the bundle and which Node does not read. */
async function bundleInto(folder: string): Promise<void> {
  const made = await mkdtemp(join(tmpdir(), "rolloutguard-bundle-"));
  try {
    const bundle = join(made, basename(OPERATOR_ENTRYPOINT[1]));
    await buildBundle(bundle);
    for (const file of [bundle, `${bundle}.LEGAL.txt`]) await copy(file, join(folder, basename(file)));
  } finally {
    await rm(made, { recursive: true });
  }
}

/** The project's own; and Node's, which stands beside the folder of the binary in every distribution of it. */
async function copyLicences(node: string, folder: string): Promise<void> {
  for (const name of ["LICENSE", "NOTICE"]) await copy(join(PROJECT, name), join(folder, name));
  const licence = await findNodeLicence(dirname(dirname(node)));
  await copy(licence, join(folder, "LICENSE.node.txt"));
}

async function findNodeLicence(folder: string): Promise<string> {
  // The npm package keeps the distribution one folder further down.
  const inner = await readdir(join(folder, "node_modules")).catch(() => []);
  const folders = [folder, ...inner.map((name) => join(folder, "node_modules", name))];
  const found = folders.map((each) => join(each, "LICENSE")).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`Node's licence is not in ${folder}; the image must carry it`);
  return found;
}

/** Those of the packages that the libraries come from. Says so where there is no Debian to ask. */
async function copyLibraryLicences(libraries: readonly string[], folder: string): Promise<void> {
  // Without the first folder, as packages may name a file by another one that leads to the same place.
  const names = libraries.map((library) => library.replace(/^\/(usr\/)?/, ""));
  const found = await run("dpkg-query", ["--search", ...names]).catch(() => undefined);
  if (found === undefined) {
    console.warn(
      "The licences of the shared libraries are not in the image: dpkg does not know the libraries.",
    );
    return;
  }
  // "libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6"; other files that only begin like it are found too.
  const packages = found.stdout
    .split("\n")
    .filter((line) => names.some((name) => line.endsWith(`/${name}`) && !line.includes("/share/")))
    .flatMap((line) => /^([^:,\s]+)/.exec(line)?.[1] ?? []);
  for (const name of new Set(packages)) {
    await copy(`/usr/share/doc/${name}/copyright`, join(folder, `LICENSE.${name}.txt`));
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { dereference: true });
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("usage: node hack/images/operator-root.ts FOLDER");
  await collectOperatorRoot(folder);
}
