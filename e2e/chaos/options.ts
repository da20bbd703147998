// What `npm run chaos` was asked for. Pure.
import { parseArgs } from "node:util";
import type { PlanSize } from "./plan/plan.ts";

export const USAGE = `npm run chaos -- [options]

  --seeds N          number of seeds, starting at --from (default 20)
  --from N           first seed (default 1)
  --seed N           run only this seed
  --applications N   number of guarded Deployments (default 200)
  --namespaces N     number of namespaces (default 10)
  --minutes N        duration of each run in the time of the cluster (default 10, at least 4)
  --jobs N           number of runs at the same time, each in its own process (default 2)
  --tell NS/NAME     print the history of this application, even if nothing was wrong
  --processes        run the operators as processes that are killed by SIGKILL, on an accelerated clock
  --json FILE        write the results to a file
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
    return "--minutes must be at least 4: one for the start, one for failures, and two minutes of rest";
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
