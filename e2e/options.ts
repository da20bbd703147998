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

const HELP = `Installs RolloutGuard on a real cluster, runs failing and healthy rollouts, and reports the results.

  npm run e2e -- --cluster local       Kubernetes on this machine, without Docker; requires Debian and root
  npm run e2e -- --cluster kind        a cluster created by kind; requires Docker
  npm run e2e -- --cluster existing    the cluster of the current kubeconfig context, after a confirmation

  --suite NAME     run only this suite: ${SUITES.join(", ")}; can be repeated
  --skip NAME      run all suites but this; can be repeated
  --only TEXT      run only tests whose title contains the text
  --repeat N       run everything N times on the same cluster (default 1)
  --report         write docs/quality/real-cluster.json, from which npm run generate writes the page
  --keep           keep the cluster and the operator running until Ctrl-C
  --yes            use an existing cluster without a confirmation

Exit code: 0 if all tests passed, 1 if a test failed, 2 if the cluster is not available.
`;

/** Never throws. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const values = read(args);
    if (values.help) return { help: HELP };
    const { cluster, suite: suites, skip: skipped, only, report, keep, yes } = values;
    const host = HOST_NAMES.find((name) => name === cluster);
    if (host === undefined) return refused(`--cluster must be one of ${HOST_NAMES.join(", ")}`);
    for (const [flag, names] of Object.entries({ suite: suites, skip: skipped })) {
      const unknown = names.find((name) => !SUITES.some((suite) => suite === name));
      if (unknown !== undefined)
        return refused(`unknown --${flag} ${unknown}: must be one of ${SUITES.join(", ")}`);
    }
    if (suites.length > 0 && skipped.length > 0) return refused("--suite and --skip exclude each other");
    const repeat = Number(values.repeat);
    if (!Number.isInteger(repeat) || repeat < 1)
      return refused("--repeat must be a whole number of at least 1");
    const chosen = SUITES.filter((suite) =>
      suites.length === 0 ? !skipped.includes(suite) : suites.includes(suite),
    );
    if (chosen.length === 0) return refused("no suite is left to run");
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
      skip: { type: "string", multiple: true, default: [] },
      only: { type: "string" },
      repeat: { type: "string", default: "1" },
      report: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
}
