// The part of `npm run record-scenarios` that runs where the API server can be reached.
import { realUnderTest } from "../clusters/real.ts";
import { ALL_SCENARIOS } from "../scenarios/all-scenarios.ts";
import { playScenarios } from "../scenarios/play-scenarios.ts";
import { recordersInto } from "./recorders.ts";

const [name = "", kubeconfig = "", folder = "", parallel = "", ...names] = process.argv.slice(2);
const cannot = { operator: "no operator runs while it is recorded" };
const cluster = { ...realUnderTest(name, kubeconfig), cannot };
const chosen = ALL_SCENARIOS.filter((scenario) => names.includes(scenario.name));
const results = await playScenarios(cluster, chosen, {
  parallel: Number(parallel),
  isLookedOn: true,
  onProgress: (line) => process.stderr.write(`${line}\n`),
  ...recordersInto(folder, kubeconfig),
}).ended;
process.exitCode = results.some(({ outcome }) => outcome === "failed") ? 1 : 0;
