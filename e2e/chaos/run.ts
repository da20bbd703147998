// One run: a simulated cluster, two operators and a plan, from the beginning to the end of the virtual time.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { createRandom } from "@rolloutguard/simulated-cluster/random";
import type { VirtualTime } from "@rolloutguard/simulated-cluster/virtual-time";
import { CRD_FOLDER } from "../../hack/crd-folder.ts";
import { Chronicle } from "./chronicle.ts";
import { OperatorSeat, type RunningOperator } from "./operator-seat.ts";
import { NODES, portOf } from "./plan/disturbances.ts";
import type { Which } from "./plan/episodes.ts";
import type { Plan } from "./plan/plan.ts";
import { arrange } from "./player.ts";
import { startOperatorInMemory } from "./simulation/operator-in-memory.ts";
import { Wire } from "./simulation/wire.ts";

export interface Run {
  readonly chronicle: Chronicle;
  readonly kills: number;
}

/** How often the operators' figures are read. */
const SAMPLE_MS = 10_000;

/** Runs the plan to its end. `onMinute` is told each minute of the cluster that has passed. */
export async function run(plan: Plan, time: VirtualTime, onMinute: (minute: number) => void): Promise<Run> {
  const cluster = await startSimulatedCluster({
    port: "none",
    crdFolder: CRD_FOLDER,
    seed: plan.seed,
    startAt: Date.now(),
    nodes: NODES,
    nodeCapacity: { cpu: "1000", memory: "4Ti", pods: "5000" },
  });
  const chronicle = new Chronicle(cluster);
  const folder = mkdtempSync(join(tmpdir(), "rolloutguard-chaos-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, cluster.kubeconfig());
  const seatOf = (which: Which): { seat: OperatorSeat; wire: Wire } => {
    const port = portOf(which);
    const random = createRandom(plan.seed * 31 + port);
    const wire = new Wire({ accept: (end) => cluster.accept(end), random, port });
    const { clocks } = plan.disturbances;
    const launch = (name: string, start: number): RunningOperator =>
      startOperatorInMemory({
        name,
        wire,
        chronicle,
        kubeconfig,
        clock: clocks[start % clocks.length],
        isElected: plan.isElected,
      });
    const isOwn = (remotePort: number): boolean => remotePort === port;
    return { wire, seat: new OperatorSeat({ which, cluster, chronicle, launch, isOwn }) };
  };
  const seats = { first: seatOf("first"), second: seatOf("second") };
  arrange(plan, {
    cluster,
    chronicle,
    networksOf: (whom) => (whom === "both" ? [seats.first.wire, seats.second.wire] : [seats[whom].wire]),
  });
  for (const death of plan.disturbances.deaths)
    cluster.time.after(death.atMs, () => seats[death.whom].seat.die(death));
  cluster.time.after(plan.quietFromMs, () => {
    for (const { seat } of Object.values(seats)) seat.settle();
  });
  for (const { seat } of Object.values(seats)) seat.start();

  for (let atMs = SAMPLE_MS; atMs <= plan.lengthMs; atMs += SAMPLE_MS) {
    await time.advanceTo(atMs);
    for (const { seat } of Object.values(seats)) await seat.sample();
    if (atMs % 60_000 === 0) onMinute(atMs / 60_000);
  }
  await time.advanceTo(plan.lengthMs);
  const kills = seats.first.seat.kills + seats.second.seat.kills;
  rmSync(folder, { recursive: true });
  return { chronicle, kills };
}
