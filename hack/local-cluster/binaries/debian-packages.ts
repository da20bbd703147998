// The programs that Debian packages: taken from the machine where it has them new enough, else fetched with apt into
// a folder of ours, without installing anything.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../run-program.ts";
import { fillFolder } from "./cache-folder.ts";
import type { BuildOptions } from "./kubernetes-build.ts";

/** The packages of a cluster. The kubelet wants containerd 2. */
export const CLUSTER_PACKAGES = {
  containerd: "2.0",
  "etcd-server": "3.5",
  runc: "1.1",
  "containernetworking-plugins": "1.1",
} as const;

/** The packages that are needed, and the oldest version of each that will do. */
type Packages<Name extends string> = Readonly<Record<Name, string>>;

/** Where the machine's own suite has it too old, this one is asked. */
const NEWEST_SUITE = "sid";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Under which folder each package's files are: "/" for an installed one. */
export type PackageRoots<Name extends string> = Readonly<Record<Name, string>>;

/** Finds or fetches them. Needs apt's tools, root and Debian's sources only if something has to be fetched. */
export async function debianPackages<Name extends string>(
  packages: Packages<Name>,
  options: BuildOptions,
): Promise<PackageRoots<Name>> {
  const names = Object.keys(packages) as Name[];
  const installed = new Set<Name>();
  for (const name of names) if (await isInstalled(name, packages[name])) installed.add(name);
  const missing = names.filter((name) => !installed.has(name)).map((name) => [name, packages[name]]);
  const folder = missing.length === 0 ? "/" : await fetched(Object.fromEntries(missing), options);
  const roots = names.map((name) => [name, installed.has(name) ? "/" : folder]);
  return Object.fromEntries(roots) as PackageRoots<Name>;
}

async function isInstalled(name: string, oldest: string): Promise<boolean> {
  const query = ["dpkg-query", "--show", `--showformat=\${db:Status-Status} \${Version}`, name];
  const [status, version] = (await runProgram(query).catch(() => "")).split(" ");
  return status === "installed" && version !== undefined && (await isNewEnough(version, oldest));
}

async function isNewEnough(version: string, oldest: string): Promise<boolean> {
  const compared = runProgram(["dpkg", "--compare-versions", version, "ge", oldest]);
  return compared.then(
    () => true,
    () => false,
  );
}

async function fetched(packages: Packages<string>, options: BuildOptions): Promise<string> {
  const { cacheFolder, progress, signal } = options;
  const names = Object.keys(packages);
  const source = await debianSource(packages);
  const target = join(cacheFolder, `debian-${source.suite}-${process.arch}-${names.join("-")}`);
  if (existsSync(target)) return target;
  progress(`Fetching ${names.join(", ")} with apt …`);
  await fillFolder(target, async (folder) => {
    const work = join(folder, ".apt");
    mkdirSync(join(work, "lists/partial"), { recursive: true });
    mkdirSync(join(work, "archives/partial"), { recursive: true });
    mkdirSync(join(work, "packages"));
    writeFileSync(join(work, "sources.list"), sourcesList(source, existsSync(KEYRING)));
    const own = aptOptions(work);
    await runProgram(["apt-get", ...own, "update"], { signal });
    const wanted: string[] = [];
    for (const [name, oldest] of Object.entries(packages)) {
      const suite = await suiteOf({ name, oldest }, source.suite, own);
      wanted.push(`${name}/${suite}`);
    }
    await runProgram(["apt-get", ...own, "download", ...wanted], { signal, cwd: join(work, "packages") });
    for (const file of readdirSync(join(work, "packages"))) {
      await runProgram(["dpkg", "-x", join(work, "packages", file), folder], { signal });
      progress(`Unpacked ${file}.`);
    }
    await runProgram(["rm", "-r", work]);
  });
  return target;
}

async function suiteOf(
  { name, oldest }: { readonly name: string; readonly oldest: string },
  suite: string,
  own: readonly string[],
): Promise<string> {
  const table = await runProgram(["apt-cache", ...own, "madison", name]);
  for (const candidate of new Set([suite, NEWEST_SUITE])) {
    const version = versionInSuite(table, candidate);
    if (version !== undefined && (await isNewEnough(version, oldest))) return candidate;
  }
  throw new Error(`Debian's ${suite} and ${NEWEST_SUITE} have no ${name} of at least ${oldest}.`);
}

/** Reads apt-cache's "NAME | VERSION | ADDRESS SUITE/COMPONENT ARCHITECTURE Packages". */
export function versionInSuite(table: string, suite: string): string | undefined {
  for (const line of table.split("\n")) {
    const [, version, source] = line.split("|").map((part) => part.trim());
    if (source?.split(" ")[1]?.split("/")[0] === suite) return version;
  }
  return undefined;
}

/** Where the machine gets Debian from. */
export interface DebianSource {
  readonly address: string;
  readonly suite: string;
}

async function debianSource(packages: Packages<string>): Promise<DebianSource> {
  const codename = /^VERSION_CODENAME="?([a-z]+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const format = "$(REPO_URI)|$(RELEASE)";
  const targets = [
    "apt-get",
    "indextargets",
    "--no-release-info",
    "--format",
    format,
    "Created-By: Packages",
  ];
  const source = sourceAmong(await runProgram(targets), codename ?? "");
  if (source !== undefined) return source;
  throw new Error(
    `apt has no source for Debian's ${codename ?? "suite"} on this machine. Install ${Object.keys(packages).join(", ")} yourself, of at least ${Object.values(packages).join(", ")}.`,
  );
}

/** The address from which the machine's own suite comes; sources may call it by its codename or by its state. */
export function sourceAmong(targets: string, codename: string): DebianSource | undefined {
  const accepted = new Set([codename, "oldstable", "stable", "testing", "unstable", NEWEST_SUITE]);
  const found = targets
    .split("\n")
    .map((line) => line.split("|"))
    .find(([address, suite]) => address !== "" && suite !== undefined && accepted.has(suite));
  const [address, suite] = found ?? [];
  return address === undefined || suite === undefined ? undefined : { address, suite };
}

/** A sources.list with the machine's suite and the newest one. */
export function sourcesList({ address, suite }: DebianSource, hasKeyring: boolean): string {
  const signed = hasKeyring ? `[signed-by=${KEYRING}] ` : "";
  return [...new Set([suite, NEWEST_SUITE])].map((name) => `deb ${signed}${address} ${name} main\n`).join("");
}

/** Have apt use folders of ours, and leave the machine's lists, sources and caches alone. */
function aptOptions(work: string): readonly string[] {
  const settings = {
    "Dir::Etc::sourcelist": join(work, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": join(work, "lists"),
    "Dir::Cache": work,
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    quiet: "2",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}
