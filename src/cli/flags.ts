// Flags of commands: how each is written, what help says of it, and how its text becomes a value.
import { Option } from "commander";
import { parseDuration } from "../api/duration.ts";
import { UsageError } from "./exit-codes.ts";

/** A flag with values of type T. */
export interface Flag<T> {
  readonly option: Option;
  /** The value of what commander has read, which is undefined without flag and default. Throws UsageError. */
  readonly read: (given: unknown) => T;
}

/** The flags of a command, by the names that it knows their values by. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** The values, from what commander has read. Throws UsageError with what to write instead. */
export function readFlags<F extends Flags>(
  flags: F,
  given: Readonly<Record<string, unknown>>,
): FlagValues<F> {
  const values = Object.entries(flags).map(([name, { option, read }]) => [
    name,
    read(given[option.attributeName()]),
  ]);
  return Object.fromEntries(values) as FlagValues<F>;
}

/** Any text. `spec` is as commander wants it: "-n, --namespace <NS>". */
export function text(spec: string, help: string): Flag<string | undefined> {
  return { option: new Option(spec, help), read: asText };
}

/** A text that has to be given. */
export function requiredText(spec: string, help: string): Flag<string> {
  const option = new Option(spec, help).makeOptionMandatory();
  return { option, read: (given) => asText(given) ?? "" };
}

/** The same flag, left out of help. */
export function hidden<T>(flag: Flag<T>): Flag<T> {
  flag.option.hideHelp();
  return flag;
}

/** On when it is given. */
export function onOff(spec: string, help: string): Flag<boolean> {
  return { option: new Option(spec, help), read: (given) => given === true };
}

/** A span of time, as milliseconds. */
export function span(spec: string, help: string, byDefault: string): Flag<number>;
export function span(spec: string, help: string): Flag<number | undefined>;
export function span(spec: string, help: string, byDefault?: string): Flag<number | undefined> {
  return parsed(
    new Option(spec, help).default(byDefault),
    parseDuration,
    "pass a duration such as 90s or 10m",
  );
}

/** A whole number above 0; `hint` says which. */
export function positiveInteger(spec: string, help: string, hint: string): Flag<number | undefined> {
  const parse = (given: string) => {
    const number = Number(given);
    return Number.isSafeInteger(number) && number > 0 ? number : undefined;
  };
  return parsed(new Option(spec, help), parse, hint);
}

/** One of a few words. */
export function oneOf<const T extends string>(
  spec: string,
  help: string,
  words: readonly T[],
  byDefault: NoInfer<T>,
): Flag<T>;
export function oneOf<const T extends string>(
  spec: string,
  help: string,
  words: readonly T[],
): Flag<T | undefined>;
export function oneOf<T extends string>(
  spec: string,
  help: string,
  words: readonly T[],
  byDefault?: T,
): Flag<T | undefined> {
  const option = new Option(spec, help).choices(words).default(byDefault);
  return { option, read: (given) => words.find((word) => word === given) };
}

/** Any number of texts; `validate` throws UsageError for one that cannot be. */
export function repeated(
  spec: string,
  help: string,
  validate: (given: string) => void = () => {},
): Flag<readonly string[]> {
  const option = new Option(spec, help)
    .argParser((value, former: readonly string[]) => [...former, value])
    .default([], "none");
  return {
    option,
    read: (given) => {
      const values = Array.isArray(given) ? given.filter((value) => typeof value === "string") : [];
      for (const value of values) validate(value);
      return values;
    },
  };
}

/** What `parse` makes of the text; `hint` says what to write where that is nothing. */
export function parsed<T>(
  option: Option,
  parse: (given: string) => T | undefined,
  hint: string,
): Flag<T | undefined> {
  return {
    option,
    read: (given) => {
      if (typeof given !== "string") return undefined;
      const value = parse(given);
      if (value === undefined) throw new UsageError(`${option.long} ${given}: ${hint}`);
      return value;
    },
  };
}

function asText(given: unknown): string | undefined {
  return typeof given === "string" ? given : undefined;
}
