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
What fails goes on failing until somebody undoes it by hand, 100 s later.

  --scenario NAME  only this one; may be repeated
  --parallel N     how many at a time (default 3): with more, a small machine records how slow it is
  --cluster NAME   ${HOST_NAMES.join(", ")} (default local)
  --yes            do not ask before an existing cluster is used
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
  if (values.out === undefined) throw new Error("--out FOLDER is missing");
  const known = ALL_SCENARIOS.map(({ name }) => name);
  const unknown = values.scenario.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--scenario ${unknown}: there are ${known.join(", ")}`);
  const parallel = Number(values.parallel);
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new Error("--parallel must be a whole number from 1 on");
  const scenarios = values.scenario.length > 0 ? values.scenario : known;
  return { cluster, scenarios, folder: values.out, parallel, yes: values.yes };
}
