// The namespaces that a cluster lives in: its processes, mounts and network are seen by nobody else, and all of them
// end when the first process in there does.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../../run-program.ts";
import { endProcess, identityOf, type ProcessIdentity } from "./process-identity.ts";

/** What the machine keeps for itself: what is written below these stays in the cluster. */
const PRIVATE_FOLDERS = ["/var/lib", "/var/log"];
const BORN_WITHIN_MS = 5_000;

export interface IsolationOptions {
  /** A program that does nothing but reap processes, for the place of the first one. */
  readonly init: string;
  /** For what belongs to the isolation. */
  readonly folder: string;
  /** Kernel settings that are shown in there with these values, whatever the machine's are: file below /proc/sys to value. */
  readonly kernelSettings: Readonly<Record<string, string>>;
  readonly loopbackAddresses: readonly string[];
  /** The content of /etc/resolv.conf in there. */
  readonly resolvConf: string;
  readonly signal?: AbortSignal | undefined;
}

/** Made by `isolate`. */
export class Isolation {
  /** The first process; its end is the end of all. */
  readonly init: ProcessIdentity;

  constructor(init: ProcessIdentity) {
    this.init = init;
  }

  /** Put before a command to have it run in all three namespaces. */
  get inside(): readonly string[] {
    return ["nsenter", "--target", String(this.init.pid), "--mount", "--pid", "--net", "--"];
  }

  /** Put before a command to have it run in the network namespace only, with the machine's files and processes. */
  get insideNetwork(): readonly string[] {
    return ["nsenter", `--net=/proc/${this.init.pid}/ns/net`, "--"];
  }

  /** Ends every process in there, and with them the mounts and the network. Resolves when the first one is gone. */
  async end(): Promise<void> {
    await endProcess(this.init);
  }
}

/** Makes the namespaces. They end with this process, too, however it ends. Needs root. */
export async function isolate(options: IsolationOptions): Promise<Isolation> {
  const unshare = "--pdeathsig KILL unshare --fork --kill-child --pid --mount-proc --net --".split(" ");
  const child = spawn("setpriv", [...unshare, options.init], { detached: true, stdio: "ignore" });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new Error(`Namespaces cannot be made: ${error.message}`)));
    child.once("exit", (code) => reject(new Error(`Namespaces cannot be made: unshare ended with ${code}`)));
  });
  failed.catch(() => {});
  const init = await Promise.race([firstProcess(() => child.pid, basename(options.init)), failed]);
  const isolation = new Isolation(init);
  try {
    const setUp = setUpCommands(options).join("\n");
    await runProgram([...isolation.inside, "sh", "-euc", setUp], { signal: options.signal });
  } catch (error) {
    await isolation.end();
    throw error;
  }
  return isolation;
}

/** The child of unshare, once it has become the program that it shall be. */
async function firstProcess(unshare: () => number | undefined, program: string): Promise<ProcessIdentity> {
  const until = Date.now() + BORN_WITHIN_MS;
  while (Date.now() < until) {
    const pid = unshare();
    const child = pid === undefined ? undefined : onlyChildOf(pid, program);
    const identity = child === undefined ? undefined : identityOf(child);
    if (identity !== undefined) return identity;
    await sleep(10);
  }
  throw new Error("Namespaces cannot be made: no process came up in them");
}

function onlyChildOf(pid: number, program: string): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    if (child === undefined || child === "") return undefined;
    // Before that, mounts of the machine could still be seen, and would be changed.
    return readFileSync(`/proc/${child}/comm`, "utf8").trim() === program ? Number(child) : undefined;
  } catch {
    return undefined;
  }
}

/** Shell commands that furnish the namespaces. Writes what some of them mount. */
function setUpCommands(options: IsolationOptions): readonly string[] {
  const { folder, kernelSettings, loopbackAddresses } = options;
  const resolvConf = join(folder, "resolv.conf");
  const scratch = join(folder, "scratch");
  const settings = join(folder, "kernel-settings");
  mkdirSync(scratch, { recursive: true });
  writeFileSync(resolvConf, options.resolvConf);
  for (const [name, value] of Object.entries(kernelSettings)) {
    mkdirSync(dirname(join(settings, name)), { recursive: true });
    writeFileSync(join(settings, name), `${value}\n`);
  }
  return [
    // -n: no note of it in /run, which is the machine's. The kubelet hands mounts on to containers; this sharing ends at the namespace.
    "mount -n --make-rshared /",
    `mount -n -t tmpfs -o mode=755 scratch '${scratch}'`,
    ...PRIVATE_FOLDERS.flatMap((path, index) => {
      const upper = `${scratch}/${index}`;
      return [
        `mkdir '${upper}' '${upper}.work'`,
        `mount -n -t overlay -o lowerdir=${path},upperdir='${upper}',workdir='${upper}.work' overlay ${path}`,
      ];
    }),
    "mount -n -t tmpfs -o mode=755 run /run",
    // The machine's resolver cannot be reached from in there, and its address shall not show up in messages.
    `if [ -e /etc/resolv.conf ]; then mount -n --bind '${resolvConf}' /etc/resolv.conf; fi`,
    ...Object.keys(kernelSettings).map((name) => `mount -n --bind '${settings}/${name}' /proc/sys/${name}`),
    "ip link set lo up",
    ...loopbackAddresses.map((address) => `ip address add ${address}/32 dev lo`),
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
  ];
}
