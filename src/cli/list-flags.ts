// The flags of commands that list objects, as kubectl get has them.
import { Option } from "commander";
import { UsageError } from "./exit-codes.ts";
import { type Flag, type FlagValues, onOff, text } from "./flags.ts";
import { nameIn } from "./named-object.ts";
import { OUTPUT_FLAG } from "./output-flag.ts";

const WITHOUT_HEADERS: Flag<boolean> = {
  // commander makes `headers: false` of it.
  option: new Option("--no-headers", "leave out the headings"),
  read: (given) => given === false,
};

export const LIST_FLAGS = {
  allNamespaces: onOff("-A, --all-namespaces", "list all namespaces"),
  selector: text("-l, --selector <QUERY>", "list those with the labels, such as team=shop"),
  watch: onOff("-w, --watch", "list what changes, until Ctrl-C"),
  output: OUTPUT_FLAG,
  isWithoutHeaders: WITHOUT_HEADERS,
};

export type ListRequest = FlagValues<typeof LIST_FLAGS> & {
  /** The one that is meant; undefined for a list. */
  readonly name: string | undefined;
};

/** Throws UsageError for flags that do not go together with a name. */
export function listRequest(
  command: string,
  what: string,
  argument: string | undefined,
  flags: FlagValues<typeof LIST_FLAGS>,
): ListRequest {
  const name = nameIn(argument);
  if (name !== undefined && flags.allNamespaces) {
    throw new UsageError(
      `a name needs the namespace of the ${what}, not -A: kubectl rolloutguard ${command} ${name} -n NS`,
    );
  }
  if (name !== undefined && flags.selector !== undefined) {
    throw new UsageError(`pass either a name (${name}) or -l ${flags.selector}`);
  }
  const { allNamespaces, selector, watch, output, isWithoutHeaders } = flags;
  return { allNamespaces, selector, watch, output, isWithoutHeaders, name };
}
