// What the bench is told on its command line.
import { parseArgs } from "node:util";
import {
  type BenchPlan,
  FULL,
  FULL_SIZE,
  QUICK,
  QUICK_SIZE,
  rolloutsOf,
  SECTIONS,
  type Section,
} from "./plan.ts";

export interface BenchOptions {
  readonly plan: BenchPlan;
  /** Where the results go as JSON. */
  readonly jsonFile: string;
  /** Whether a missed limit is a failure. */
  readonly mustMeetLimits: boolean;
}

/** Checked in, and what docs/quality/performance.md and its plot are made from. */
const SAVED_RESULTS = "docs/quality/performance.json";
const LAST_RESULTS = "dist/bench.json";

export const USAGE = `usage: npm run bench -- [options]
  --quick              run a small benchmark, within a minute
  --only PARTS         run only some of ${SECTIONS.join(",")}
  --guards N           number of guarded Deployments (${FULL_SIZE.guards})
  --unguarded N        number of unguarded Deployments (half as many)
  --pods N             pods per Deployment (${FULL_SIZE.pods})
  --seconds N          duration of each load in seconds (${FULL.loadMs / 1_000})
  --growth N,N         numbers of guards for the growth series (${FULL.growth.join(",")})
  --plain              use HTTP/1.1 between operator and cluster instead of HTTP/2 over TLS
  --operator-flags=F   Node.js flags for the operator, for example --operator-flags="--cpu-prof"
  --json FILE          file for the results (${LAST_RESULTS})
  --save               write the results to ${SAVED_RESULTS}; run npm run generate afterwards
  --enforce            exit with 1 if a limit is missed`;

/** Throws with a sentence when the arguments make no sense. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: SECTIONS.join(",") },
      guards: { type: "string" },
      unguarded: { type: "string" },
      pods: { type: "string" },
      seconds: { type: "string" },
      growth: { type: "string" },
      plain: { type: "boolean", default: false },
      "operator-flags": { type: "string", default: "" },
      json: { type: "string", default: LAST_RESULTS },
      save: { type: "boolean", default: false },
      enforce: { type: "boolean", default: false },
    },
  });
  const [usualSize, extent] = values.quick ? [QUICK_SIZE, QUICK] : [FULL_SIZE, FULL];
  const guards = wholeNumber("--guards", values.guards, usualSize.guards);
  const plan: BenchPlan = {
    ...extent,
    sections: new Set(values.only.split(",").map(sectionNamed)),
    size: {
      guards,
      unguarded: wholeNumber("--unguarded", values.unguarded, Math.floor(guards / 2)),
      pods: wholeNumber("--pods", values.pods, usualSize.pods),
    },
    loadMs: wholeNumber("--seconds", values.seconds, extent.loadMs / 1_000) * 1_000,
    growth: values.growth?.split(",").map((each) => wholeNumber("--growth", each, 0)) ?? extent.growth,
    isPlain: values.plain,
    operator: { nodeFlags: values["operator-flags"].split(/\s+/).filter((flag) => flag !== "") },
  };
  const fitting = fittingStorms(plan);
  return {
    plan: { ...plan, storms: fitting },
    jsonFile: values.save ? SAVED_RESULTS : values.json,
    mustMeetLimits: values.enforce,
  };
}

/** The storms for which there are guards left; an error when not even the rollouts one by one fit. */
function fittingStorms(plan: BenchPlan): readonly number[] {
  let storms = plan.storms;
  while (storms.length > 0 && rolloutsOf({ ...plan, storms }) > plan.size.guards)
    storms = storms.slice(0, -1);
  const needed = rolloutsOf({ ...plan, storms });
  if (needed > plan.size.guards) {
    throw new Error(
      `each rollout needs a guard of its own: ${needed} are needed, --guards is ${plan.size.guards}`,
    );
  }
  return storms;
}

function sectionNamed(name: string): Section {
  const section = SECTIONS.find((each) => each === name);
  if (section === undefined) throw new Error(`--only knows ${SECTIONS.join(", ")}, not "${name}"`);
  return section;
}

function wholeNumber(flag: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (!/^\d+$/.test(text)) throw new Error(`${flag} must be a whole number, not "${text}"`);
  return Number(text);
}
