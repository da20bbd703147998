// The text of --help, from the settings table.
import type { Setting } from "./settings-table.ts";

type Described = Pick<Setting<unknown>, "flag" | "kind" | "byDefault" | "emptyMeans" | "help">;

/** Usage and one line a setting, in 100 columns and on one screen. */
export function formatHelp(settings: readonly Described[]): string {
  const rows: [string, string][] = settings.map(({ flag, kind, byDefault, emptyMeans, help }) => [
    `${flag} ${kind.placeholder}`.trimEnd(),
    `${help} (${byDefault || emptyMeans})`,
  ]);
  rows.push(["--help", "Show this text"], ["--version", "Show the version"]);
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    "rolloutguard: undoes bad rollouts of Kubernetes Deployments, and says why",
    "",
    "Usage: rolloutguard [flags]",
    "",
    ...rows.map(([flag, says]) => `  ${flag.padEnd(width)}  ${says}`),
    "",
    "Each flag can be given as a variable: --log-level is ROLLOUTGUARD_LOG_LEVEL. Flags win.",
    "",
  ].join("\n");
}
