// What `npm run record-scenarios` was told on its command line.
import { parseArgs } from "node:util";
import { HOST_NAMES, type HostName } from "../hosts/host.ts";
import { ALL_SCENARIOS } from "../scenarios/all-scenarios.ts";

export interface RecordingOptions {
  readonly cluster: HostName;
  /** The names of those that are played. */
  readonly scenarios: readonly string[];
  readonly folder: string;
  readonly parallel: number;
  readonly yes: boolean;
}

export const HELP = `Usage: npm run record-scenarios -- --out FOLDER [--scenario NAME]... [--parallel N] [--cluster local]

Plays the scenarios of e2e/scenarios on a real cluster where no operator runs, and records each into FOLDER/NAME.jsonl.
Failing rollouts keep failing until they are rolled back manually, after 100s.

  --scenario NAME  play only this scenario; can be repeated
  --parallel N     number of scenarios at the same time (default 3); more can slow down a small machine
  --cluster NAME   ${HOST_NAMES.join(", ")} (default local)
  --yes            use an existing cluster without a confirmation
`;

/** Undefined when help is wanted. Throws with what to write instead. */
export function parseRecordingOptions(args: readonly string[]): RecordingOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: "string" },
      scenario: { type: "string", multiple: true, default: [] },
      parallel: { type: "string", default: "3" },
      cluster: { type: "string", default: "local" },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const cluster = HOST_NAMES.find((name) => name === values.cluster);
  if (cluster === undefined) throw new Error(`--cluster must be one of ${HOST_NAMES.join(", ")}`);
  if (values.out === undefined) throw new Error("--out FOLDER is required");
  const known = ALL_SCENARIOS.map(({ name }) => name);
  const unknown = values.scenario.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`unknown --scenario ${unknown}: must be one of ${known.join(", ")}`);
  const parallel = Number(values.parallel);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new Error("--parallel must be a whole number of at least 1");
  const scenarios = values.scenario.length > 0 ? values.scenario : known;
  return { cluster, scenarios, folder: values.out, parallel, yes: values.yes };
}
