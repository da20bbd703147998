import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type CgroupLayout, cgroupLayout, makeCgroup, processesOf, removeCgroup } from "./cgroups.ts";
import { Daemon } from "./daemon.ts";
import { endProcess, identityOf, isRunning, type ProcessIdentity, parseStat } from "./process-identity.ts";
import { clearLeftovers, RunFolder } from "./run-folder.ts";

describe("The machine under a local cluster", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "machine-"));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A process that sleeps until it is ended. */
  async function sleeper(): Promise<ProcessIdentity> {
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    await new Promise((resolve) => child.once("spawn", resolve));
    const identity = identityOf(child.pid ?? 0);
    if (identity === undefined) throw new Error("no process");
    return identity;
  }

  describe("Processes", () => {
    it("are known by their number and when they started, whatever they are called", () => {
      const rest = `S ${Array.from({ length: 18 }, (_, index) => index + 1).join(" ")} 4711 0`;
      expect(parseStat(7, `7 (a ) b (c) ${rest}`)).to.deep.equal({ pid: 7, startTicks: 4711 });
      expect(parseStat(7, `7 (a) Z${rest.slice(1)}`)).to.equal(undefined);
    });

    it("are not taken for others that later got the same number", () => {
      const self = identityOf(process.pid);
      expect(self && isRunning(self)).to.equal(true);
      expect(self && isRunning({ ...self, startTicks: self.startTicks + 1 })).to.equal(false);
    });

    it("are gone when ending them is done", async () => {
      const identity = await sleeper();
      await endProcess(identity);
      expect(isRunning(identity)).to.equal(false);
      await endProcess(identity);
    });
  });

  describe("Control groups", () => {
    it("are of version 1 where controllers are mounted one by one, also beside a unified mount", () => {
      const mounts = [
        "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
        "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0",
        "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
        "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
        "",
      ].join("\n");
      expect(cgroupLayout(mounts)).to.deep.equal({
        version: 1,
        hierarchies: ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/unified"],
      });
    });

    it("are of version 2 where there is only the unified mount", () => {
      const layout = cgroupLayout("cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n");
      expect(layout).to.deep.equal({ version: 2, hierarchies: ["/sys/fs/cgroup"] });
      expect(() => cgroupLayout("tmpfs /tmp tmpfs rw 0 0\n")).to.throw("No control groups are mounted");
    });

    it("are made in each hierarchy, tell a container's processes, and go with all below them", async () => {
      const layout: CgroupLayout = { version: 1, hierarchies: [join(folder, "cpu"), join(folder, "memory")] };
      makeCgroup(layout, "cluster-1");
      const container = join(folder, "memory/cluster-1/kubepods/pod1/abc");
      mkdirSync(container, { recursive: true });
      writeFileSync(join(container, "cgroup.procs"), "12\n15\n");
      expect(processesOf(layout, "cluster-1", "abc")).to.deep.equal([12, 15]);
      expect(processesOf(layout, "cluster-1", "abd")).to.deep.equal([]);
      // In a folder that is no control group the file has to go first.
      rmSync(join(container, "cgroup.procs"));
      await removeCgroup(layout, "cluster-1");
      expect(existsSync(join(folder, "cpu/cluster-1"))).to.equal(false);
      expect(existsSync(join(folder, "memory/cluster-1"))).to.equal(false);
      await removeCgroup(layout, "cluster-1");
    });
  });

  describe("Folders of clusters", () => {
    function noteOf({ path }: RunFolder): { owner: ProcessIdentity; init?: ProcessIdentity } {
      return JSON.parse(readFileSync(join(path, "owner.json"), "utf8"));
    }

    it("stay while the process runs that started the cluster", async () => {
      const own = new RunFolder(folder);
      expect(noteOf(own).owner.pid).to.equal(process.pid);
      expect(await clearLeftovers(folder)).to.deep.equal([]);
      await own.remove();
      expect(existsSync(own.path)).to.equal(false);
    });

    it("go at the next start when that process was killed, and what still runs is ended", async () => {
      const left = new RunFolder(folder);
      const init = await sleeper();
      left.noteInit(init);
      const owner = { ...noteOf(left).owner, startTicks: 1 };
      writeFileSync(join(left.path, "owner.json"), JSON.stringify({ owner, init }));
      const foreign = join(folder, "rolloutguard-local-cluster-other");
      mkdirSync(foreign);
      expect(await clearLeftovers(folder)).to.deep.equal([left.path]);
      expect(isRunning(init)).to.equal(false);
      expect(existsSync(left.path)).to.equal(false);
      expect(existsSync(foreign)).to.equal(true);
    });
  });

  describe("Programs", () => {
    it("that end tell why, with the end of their log", async () => {
      const command = ["sh", "-c", "echo one; echo 'no such flag' >&2; exit 3"];
      const daemon = new Daemon({ name: "kubelet", inside: ["env"], command, logFolder: folder });
      const failure = await daemon.failure.catch(String);
      expect(failure).to.include(
        "kubelet ended (exit code 3). The log of kubelet ends with:\none\nno such flag",
      );
      await daemon.ended;
    });
  });
});
