// The results of `npm run chaos` as text. Pure.
import type { RunResult } from "./result.ts";

/** A result with how long it took (real ms). */
export type TimedResult = RunResult & { readonly wallMs: number };

const COLUMNS: readonly (readonly [string, (result: TimedResult) => string | number])[] = [
  ["seed", ({ seed }) => seed],
  ["guards", ({ applications }) => applications],
  ["rollouts", ({ rollouts }) => rollouts],
  ["rollbacks", ({ rollbacks }) => rollbacks],
  ["incidents", ({ incidents }) => incidents],
  ["refused", ({ refused }) => refused],
  ["kills", ({ kills }) => kills],
  ["faults", ({ episodes }) => episodes],
  ["requests", ({ requests }) => requests],
  ["minutes", ({ simulatedMinutes }) => simulatedMinutes],
  ["seconds", ({ wallMs }) => Math.round(wallMs / 1_000)],
  ["verdict", ({ violations }) => (violations.length === 0 ? "clean" : `${violations.length} wrong`)],
];

export function headLine(): string {
  return COLUMNS.map(([name]) => name.padStart(9)).join(" ");
}

export function resultLine(result: TimedResult): string {
  return COLUMNS.map(([, of]) => String(of(result)).padStart(9)).join(" ");
}

/** Nobody reads more at once. */
const STORIES = 5;

/** Every violation in a sentence, the stories of the first applications concerned, and how to see it again. */
export function violationReport(result: RunResult): string {
  const { seed, violations, applications, namespaces, simulatedMinutes } = result;
  const lines = violations.map(
    ({ rule, application, atMs, what }) =>
      `  ${rule}${application === undefined ? "" : `, ${application}`}, at ${(atMs / 1_000).toFixed(1)} s: ${what}`,
  );
  const stories = new Map(violations.map(({ application, story }) => [application, story]));
  const [first] = violations;
  const tell = first?.application === undefined ? "" : ` --tell ${first.application}`;
  const size = `--applications ${applications} --namespaces ${namespaces} --minutes ${simulatedMinutes}`;
  return [
    `seed ${seed}:`,
    ...lines,
    ...[...stories.values()].slice(0, STORIES).flatMap((story) => ["", ...story]),
    "",
    `again: npm run chaos -- --seed ${seed} ${size}${tell}`,
  ].join("\n");
}
