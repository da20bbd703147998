// Reads the settings from flags and environment. A flag wins over its variable, a variable over the default.
import { hostname } from "node:os";
import { nearest } from "../domain/nearest.ts";
import { VERSION } from "../version.ts";
import { leaseProblem, readOwnNamespace } from "./lease-settings.ts";
import { formatHelp } from "./settings-help.ts";
import { SETTINGS, type Setting, type Settings } from "./settings-table.ts";

/** The settings; or what was wrong, in a sentence; or a text (help or version) to print before ending well. */
export type ParsedSettings =
  | { readonly settings: Settings }
  | { readonly error: string }
  | { readonly help: string };

type Environment = Readonly<Record<string, string | undefined>>;
type AnySetting = Setting<unknown>;

const FLAGS = new Map<string, AnySetting>(Object.values(SETTINGS).map((setting) => [setting.flag, setting]));
const FLAG_NAMES = [...FLAGS.keys(), "--help", "--version"];

/**
 * Never throws; `argv` is without node and script. When a flag is repeated the last one counts; an empty variable is no
 * variable. `ownNamespace` is that of the pod in which this process runs.
 */
export function parseSettings(
  argv: readonly string[],
  env: Environment,
  ownNamespace: () => string | undefined = readOwnNamespace,
): ParsedSettings {
  try {
    const given = readFlags(argv);
    if (given === "help") return { help: formatHelp(Object.values(SETTINGS)) };
    if (given === "version") return { help: `rolloutguard ${VERSION}\n` };
    const values = Object.entries<AnySetting>(SETTINGS).map(([key, setting]) => [
      key,
      readValue(setting, given, env),
    ]);
    const settings = completed(Object.fromEntries(values) as unknown as Settings, ownNamespace);
    const problem = leaseProblem(settings);
    return problem === undefined ? { settings } : { error: problem };
  } catch (error) {
    if (error instanceof SettingError) return { error: error.message };
    throw error;
  }
}

/** With what the process knows where nothing was said. */
function completed(settings: Settings, ownNamespace: () => string | undefined): Settings {
  const { identity, leaderElection, leaseNamespace } = settings;
  return {
    ...settings,
    identity: identity || hostname(),
    leaseNamespace: leaseNamespace || (leaderElection && ownNamespace()) || "",
  };
}

/** A mistake of whoever starts the operator. */
class SettingError extends Error {}

function readFlags(argv: readonly string[]): Map<string, string> | "help" | "version" {
  const given = new Map<string, string>();
  for (let index = 0; index < argv.length; index += 1) {
    const [flag, inline] = splitOnce(argv[index] ?? "");
    if (flag === "--help" || flag === "-h") return "help";
    if (flag === "--version") return "version";
    const setting = FLAGS.get(flag);
    if (!setting) throw new SettingError(unknownFlagError(flag));
    if (inline !== undefined) given.set(flag, inline);
    else if (setting.kind.placeholder === "") given.set(flag, "true");
    else {
      const next = argv[index + 1];
      if (next === undefined || next.startsWith("--")) {
        throw new SettingError(`${flag} requires a value: ${setting.kind.allowed}`);
      }
      given.set(flag, next);
      index += 1;
    }
  }
  return given;
}

/** "--a=b=c" is the flag "--a" with the value "b=c". */
function splitOnce(argument: string): [flag: string, value?: string] {
  const at = argument.indexOf("=");
  return at < 0 ? [argument] : [argument.slice(0, at), argument.slice(at + 1)];
}

function unknownFlagError(flag: string): string {
  if (!flag.startsWith("-")) return `unexpected argument "${flag}"; see --help`;
  const suggestion = nearest(flag, FLAG_NAMES);
  return `unknown flag ${flag}${suggestion ? `; did you mean ${suggestion}?` : "; see --help"}`;
}

function readValue(setting: AnySetting, given: ReadonlyMap<string, string>, env: Environment): unknown {
  const { flag, variable, kind, byDefault } = setting;
  const fromFlag = given.get(flag);
  const fromEnvironment = env[variable] || undefined;
  const text = fromFlag ?? fromEnvironment ?? byDefault;
  const value = kind.parse(text);
  if (value === undefined) {
    const source = fromFlag === undefined ? variable : flag;
    throw new SettingError(`invalid value "${text}" for ${source}: must be ${kind.allowed}`);
  }
  return value;
}
