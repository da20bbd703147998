// The settings of an operator that is told nothing, so that tests name only what they change.
import { parseSettings } from "../../src/operator/settings.ts";
import type { Settings } from "../../src/operator/settings-table.ts";

/** As the operator reads them from an empty command line and environment. */
export const DEFAULT_SETTINGS: Settings = read();

function read(): Settings {
  const parsed = parseSettings([], {}, () => undefined);
  if (!("settings" in parsed)) throw new Error(`the defaults are not accepted: ${JSON.stringify(parsed)}`);
  return parsed.settings;
}
