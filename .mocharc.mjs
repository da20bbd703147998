// How `npm test` runs mocha.
import { globSync } from "node:fs";

/** These take half a minute or more, and mostly wait. They begin first, so that the run does not end with one of them alone. */
const LONGEST = [
  "hack/bench/run-bench.test.ts",
  "e2e/simulated/two-leaders.test.ts",
  "e2e/simulated/scenarios.test.ts",
  "e2e/simulated/leader-election.test.ts",
  "e2e/simulated/clock-steps.test.ts",
  "e2e/simulated/refused.test.ts",
  "e2e/chaos/chaos.test.ts",
  "hack/demo/demo.test.ts",
];

const ALL = globSync(["src/**/*.test.ts", "hack/**/*.test.ts", "e2e/**/*.test.ts"], {
  exclude: ["**/node_modules/**"],
}).sort();

export default {
  spec: [...LONGEST, ...ALL.filter((file) => !LONGEST.includes(file))],
  parallel: true,
  // On two cores. More of them, and tests on simulated clusters have too little of the processor for their time.
  jobs: 2,
  // Only for a test that hangs. Each waits for a condition, and says itself which one did not come.
  timeout: 900_000,
  "forbid-only": true,
};
