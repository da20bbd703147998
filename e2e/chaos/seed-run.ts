// One seed in a process of its own, which owns its time: started by `npm run chaos`, the result goes to the parent.
import { createRandom } from "@rolloutguard/simulated-cluster/random";
import { VirtualTime } from "@rolloutguard/simulated-cluster/virtual-time";
import type { PlanSize } from "./plan/plan.ts";

/** What the parent sends. */
export interface SeedOrder {
  readonly seed: number;
  readonly size: PlanSize;
  readonly tell?: string | undefined;
}

const STARTS_AT = Date.UTC(2026, 0, 1);

const order = JSON.parse(process.argv[2] ?? "{}") as SeedOrder;
const time = new VirtualTime(STARTS_AT);
const chance = createRandom(order.seed ^ 0xc4a05);
time.install(() => chance.between(0, 1));
// Everything else is loaded when time is already owned: libraries keep the functions that they find.
const [{ makePlan }, { run }, { judge }, { resultOf }] = await Promise.all([
  import("./plan/plan.ts"),
  import("./run.ts"),
  import("./judge/verdict.ts"),
  import("./result.ts"),
]);
const plan = makePlan(order.seed, order.size);
const bugs: string[] = [];
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    bugs.push(`${event}: ${error instanceof Error ? error.stack : String(error)}`);
  });
}
const done = await run(plan, time, (minute) => process.send?.({ minute }));
for (const bug of bugs) done.chronicle.fault(bug);
const result = resultOf(plan, done, judge(plan, done.chronicle), order.tell);
// Timers that will never fire keep nothing alive, but the channel to the parent does.
process.send?.({ result }, () => process.exit());
