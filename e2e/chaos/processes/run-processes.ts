// One run with the operators in processes of their own, over loopback, in real time made faster. It does not replay
// exactly: the machine's moods are part of it. One operator is never killed, so that its memory can be watched.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { passTime, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { CRD_FOLDER } from "../../../hack/crd-folder.ts";
import { Chronicle } from "../chronicle.ts";
import { judge } from "../judge/verdict.ts";
import { OperatorSeat } from "../operator-seat.ts";
import { NODES } from "../plan/disturbances.ts";
import type { Which } from "../plan/episodes.ts";
import { makePlan, type Plan } from "../plan/plan.ts";
import { arrange } from "../player.ts";
import { type RunResult, resultOf } from "../result.ts";
import type { SeedOrder } from "../seed-run.ts";
import { judgeMemory } from "./memory.ts";
import { TcpWire } from "./tcp-wire.ts";
import { startWatchedOperator, type WatchedOperator } from "./watched-operator.ts";

/** Slow enough for a process to keep up with two hundred Deployments on a small machine. */
const TIME_SCALE = 10;

export async function runWithProcesses(
  { seed, size, tell }: SeedOrder,
  onMinute: (minute: number) => void,
): Promise<RunResult> {
  const plan = forProcesses(makePlan(seed, size));
  const nodeCapacity = { cpu: "1000", memory: "4Ti", pods: "5000" };
  const cluster = await startSimulatedCluster({
    timeScale: TIME_SCALE,
    crdFolder: CRD_FOLDER,
    seed,
    nodes: NODES,
    nodeCapacity,
  });
  const chronicle = new Chronicle(cluster);
  const folder = mkdtempSync(join(tmpdir(), "rolloutguard-chaos-"));
  let watched: WatchedOperator | undefined;

  const seatOf = async (which: Which) => {
    const wire = await TcpWire.lay(cluster.url, TIME_SCALE);
    const kubeconfig = join(folder, which);
    writeFileSync(kubeconfig, cluster.kubeconfig().replace(cluster.url, wire.url));
    const launch = (name: string): WatchedOperator => {
      const started = startWatchedOperator({ name, chronicle, kubeconfig, timeScale: TIME_SCALE });
      if (which === "second") watched = started;
      return started;
    };
    const isOwn = (port: number): boolean => wire.isOwn(port);
    return { wire, seat: new OperatorSeat({ which, cluster, chronicle, launch, isOwn }) };
  };
  const seats = { first: await seatOf("first"), second: await seatOf("second") };
  arrange(plan, {
    cluster,
    chronicle,
    networksOf: (whom) => (whom === "both" ? [seats.first.wire, seats.second.wire] : [seats[whom].wire]),
  });
  for (const death of plan.disturbances.deaths)
    if (death.whom === "first") cluster.time.after(death.atMs, () => seats.first.seat.die(death));
  cluster.time.after(plan.quietFromMs, () => seats.first.seat.settle());
  for (const { seat } of Object.values(seats)) seat.start();

  const resident: number[] = [];
  for (let minute = 1; minute * 60_000 <= plan.lengthMs; minute += 1) {
    await passTime(cluster, 60_000);
    resident.push(watched?.residentBytes() ?? 0);
    onMinute(minute);
  }
  const verdict = judge(plan, chronicle);
  const { kills } = seats.first.seat;
  const result = resultOf(plan, { chronicle, kills }, verdict, tell);
  await Promise.all(Object.values(seats).map(({ seat }) => seat.end()));
  for (const { wire } of Object.values(seats)) wire.close();
  await cluster.stop();
  rmSync(folder, { recursive: true });
  const memory = judgeMemory(resident).map((violation) => ({ ...violation, story: [] }));
  return {
    ...result,
    residentMb: resident.map((bytes) => Math.round(bytes / 2 ** 20)),
    violations: [...memory, ...result.violations],
  };
}

/**
 * On loopback the operators have no ports of their own: what is meant for one meets both. And whatever the seed, only the leader
 * acts.
 */
function forProcesses(plan: Plan): Plan {
  const episodes = plan.disturbances.episodes.map((episode) => {
    const { trouble } = episode;
    if (trouble.is !== "fault" && trouble.is !== "faults") return episode;
    const { remotePort: _port, ...on } = trouble.fault.on ?? {};
    return { ...episode, trouble: { ...trouble, fault: { ...trouble.fault, on } } };
  });
  return { ...plan, disturbances: { ...plan.disturbances, episodes }, isElected: true };
}
