// `npm run bench`: the shipped operator against a large simulated cluster, measured from outside.
import { setTimeout as sleep } from "node:timers/promises";
import { measureLoad } from "./measure/load.ts";
import { measureSync } from "./measure/sync.ts";
import { withStage } from "./stage.ts";

const size = {
  guards: Number(process.argv[2] ?? 2000),
  unguarded: Number(process.argv[3] ?? 1000),
  pods: 10,
};
await withStage(size, async (stage) => {
  console.log(stage.facts);
  console.log(await measureSync(stage));
  await sleep(10_000);
  for (const rate of [0, 200, 2000]) console.log(rate, await measureLoad(stage, rate, 15_000));
  console.log(await stage.cluster.send("traffic", { reset: false }));
  console.log(stage.operator.logTail(4));
});
