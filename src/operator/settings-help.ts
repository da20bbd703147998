// The text of --help, from the settings table.
import type { Setting } from "./settings-table.ts";

type Described = Pick<Setting<unknown>, "flag" | "kind" | "byDefault" | "emptyMeans" | "help">;

/** Usage and one line a setting, in 100 columns and on one screen. */
export function formatHelp(settings: readonly Described[]): string {
  const rows: [string, string][] = settings.map(({ flag, kind, byDefault, emptyMeans, help }) => [
    `${flag} ${kind.placeholder}`.trimEnd(),
    `${help} (${byDefault || emptyMeans})`,
  ]);
  rows.push(["--help", "Show this help"], ["--version", "Show the version"]);
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    "rolloutguard rolls back failing rollouts of Kubernetes Deployments and explains why",
    "",
    "Usage: rolloutguard [flags]",
    "",
    ...rows.map(([flag, says]) => `  ${flag.padEnd(width)}  ${says}`),
    "",
    "Each flag can also be set by its environment variable: ROLLOUTGUARD_LOG_LEVEL for --log-level.",
    "Flags take precedence.",
    "",
  ].join("\n");
}
