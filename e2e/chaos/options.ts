// What `npm run chaos` was asked for. Pure.
import { parseArgs } from "node:util";
import type { PlanSize } from "./plan/plan.ts";

export const USAGE = `npm run chaos -- [options]

  --seeds N          how many seeds, from --from on (default 20)
  --from N           the first seed (default 1)
  --seed N           this seed alone
  --applications N   how many Deployments are guarded (default 200)
  --namespaces N     in how many namespaces (default 10)
  --minutes N        how long each run is, in the cluster's time (default 10, at least 4)
  --jobs N           how many runs at once, each in a process of its own (default 2)
  --tell NS/NAME     tells the story of this application, whether something was wrong or not
  --processes        operators in processes of their own, killed by SIGKILL, in real time made faster
  --json FILE        writes the results there
  --help`;

export interface ChaosOptions {
  readonly seeds: readonly number[];
  readonly size: PlanSize;
  readonly jobs: number;
  readonly tell: string | undefined;
  readonly processes: boolean;
  readonly json: string | undefined;
}

/** The options, or a sentence that says what is wrong with them; "help" when that was asked for. */
export function parseOptions(args: readonly string[]): ChaosOptions | string {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: "string", default: "20" },
      from: { type: "string", default: "1" },
      seed: { type: "string" },
      applications: { type: "string", default: "200" },
      namespaces: { type: "string", default: "10" },
      minutes: { type: "string", default: "10" },
      jobs: { type: "string", default: "2" },
      tell: { type: "string" },
      processes: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const { seeds, from, seed, applications, namespaces, minutes, jobs } = values;
  const numbers = {
    seeds,
    from,
    applications,
    namespaces,
    minutes,
    jobs,
    ...(seed !== undefined && { seed }),
  };
  for (const [name, text] of Object.entries(numbers)) {
    if (!/^\d+$/.test(text) || Number(text) < 1)
      return `--${name} must be a whole number above 0, not ${text}`;
  }
  if (Number(minutes) < 4)
    return "--minutes must be at least 4: a start, something that fails, and two minutes of quiet";
  const first = Number(seed ?? from);
  const count = seed === undefined ? Number(seeds) : 1;
  return {
    seeds: Array.from({ length: count }, (_, i) => first + i),
    size: {
      applications: Number(applications),
      namespaces: Number(namespaces),
      lengthMs: Number(minutes) * 60_000,
    },
    jobs: Number(jobs),
    tell: values.tell,
    processes: values.processes,
    json: values.json,
  };
}
