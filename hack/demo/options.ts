// What the demo was told on its command line.
import { parseArgs } from "node:util";
import { nearest } from "../../src/domain/nearest.ts";
import { SCENARIOS } from "./scenarios/all-scenarios.ts";
import type { Scenario } from "./scenarios/scenario.ts";

export interface DemoOptions {
  readonly scenarios: readonly Scenario[];
  /** Leave cluster and operator running after the last scenario. */
  readonly keep: boolean;
  /** How many times faster than real time the cluster's time runs. */
  readonly speed: number;
}

export type ParsedOptions =
  | { readonly options: DemoOptions }
  | { readonly text: string }
  | { readonly error: string };

const SPEED = { byDefault: 6, least: 1, most: 20 } as const;

const HELP = `Shows RolloutGuard on a simulated cluster: failing releases are detected, explained and rolled back.
It needs no cluster and no network, and takes about a minute and a half.

  npm run demo                            run all scenarios, one after the other
  npm run demo -- --scenario NAME         run only this scenario
  npm run demo -- --list                  list the scenarios
  npm run demo -- --keep                  keep the cluster running afterwards, for kubectl
  npm run demo -- --speed N               run the clock N times faster, ${SPEED.least} to ${SPEED.most} (default ${SPEED.byDefault})

Exit code: 0 if every outcome is as expected, else 1.
`;

/** Reads the arguments; `text` is what --help or --list print, `error` what is wrong and what to write instead. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  let values: ReturnType<typeof read>;
  try {
    values = read(args);
  } catch (error) {
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    return { error: `${sentence.replace(/\.$/, "")}. See npm run demo -- --help` };
  }
  if (values.help) return { text: HELP };
  if (values.list) return { text: listOf(SCENARIOS) };
  const speed = Number(values.speed);
  if (!(speed >= SPEED.least && speed <= SPEED.most)) {
    return { error: `--speed must be a number from ${SPEED.least} to ${SPEED.most}, not "${values.speed}"` };
  }
  const scenarios = SCENARIOS.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  if (scenarios.length === 0) return { error: noSuchScenario(values.scenario ?? "") };
  return { options: { scenarios, keep: values.keep, speed } };
}

function read(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: "string" },
      list: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      speed: { type: "string", default: String(SPEED.byDefault) },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return values;
}

function noSuchScenario(wanted: string): string {
  const meant = nearest(
    wanted,
    SCENARIOS.map(({ name }) => name),
  );
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  return `there is no scenario "${wanted}".${hint} There are:\n${listOf(SCENARIOS)}`;
}

function listOf(scenarios: readonly Scenario[]): string {
  const longest = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, title }) => `  ${name.padEnd(longest)}  ${title}\n`).join("");
}
