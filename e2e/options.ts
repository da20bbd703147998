// What `npm run e2e` was told on its command line.
import { parseArgs } from "node:util";
import { HOST_NAMES, type HostName } from "./hosts/host.ts";
import { SUITES, type Suite } from "./suites/suite-names.ts";

export interface Options {
  readonly cluster: HostName;
  /** What is run, in the order of SUITES. */
  readonly suites: readonly Suite[];
  /** Only tests whose title contains this; undefined for all. */
  readonly only: string | undefined;
  /** How many times everything is run on the same cluster. */
  readonly repeat: number;
  /** Keep the results in docs/quality/real-cluster.json. */
  readonly report: boolean;
  readonly keep: boolean;
  readonly yes: boolean;
}

export type ParsedOptions =
  | { readonly options: Options }
  | { readonly help: string }
  | { readonly error: string };

const HELP = `Installs RolloutGuard on a real cluster, runs failing and healthy rollouts there, and says what happened.

  npm run e2e -- --cluster local       Kubernetes on this machine, without Docker; needs Debian and root
  npm run e2e -- --cluster kind        a cluster made by kind; needs Docker
  npm run e2e -- --cluster existing    the cluster of the current kubeconfig context, after asking

  --suite NAME     only this: ${SUITES.join(", ")}; may be repeated
  --only TEXT      only tests whose title contains the text
  --repeat N       everything N times on the same cluster (default 1)
  --report         write docs/quality/real-cluster.json, of which npm run generate makes the page
  --keep           leave cluster and operator running until Ctrl-C
  --yes            do not ask before an existing cluster is used

Exit code: 0 when all tests passed, 1 when one failed, 2 when the cluster could not be had.
`;

/** Never throws. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const values = read(args);
    if (values.help) return { help: HELP };
    const { cluster, suite: suites, only, report, keep, yes } = values;
    const host = HOST_NAMES.find((name) => name === cluster);
    if (host === undefined) return refused(`--cluster must be one of ${HOST_NAMES.join(", ")}`);
    const unknown = suites.find((name) => !SUITES.some((suite) => suite === name));
    if (unknown !== undefined) return refused(`--suite ${unknown}: there are ${SUITES.join(", ")}`);
    const repeat = Number(values.repeat);
    if (!Number.isInteger(repeat) || repeat < 1) return refused("--repeat must be a whole number from 1 on");
    const chosen = SUITES.filter((suite) => suites.length === 0 || suites.includes(suite));
    return {
      options: { cluster: host, suites: chosen, only, repeat, report, keep, yes },
    };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

function refused(what: string): ParsedOptions {
  return { error: `${what}; see npm run e2e -- --help` };
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      cluster: { type: "string" },
      suite: { type: "string", multiple: true, default: [] },
      only: { type: "string" },
      repeat: { type: "string", default: "1" },
      report: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
}
