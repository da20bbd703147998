// The objects that people name on the command line, in the ways in which kubectl prints and takes them.
import { UsageError } from "./exit-codes.ts";

/** "x" of "incident.rolloutguard.io/x", "deployment/x" or "x". */
export function nameIn(argument: string | undefined): string | undefined {
  return argument?.split("/").at(-1);
}

const KINDS: ReadonlySet<string> = new Set(["deployment", "deployments", "deploy", "deployments.apps"]);

/** "web" of "web" or "deployment/web". Throws UsageError for anything else. */
export function deploymentName(command: string, argument: string | undefined): string {
  if (argument === undefined || argument === "") {
    throw new UsageError(`pass the name of a Deployment: kubectl rolloutguard ${command} deployment/NAME`);
  }
  const slash = argument.indexOf("/");
  if (slash < 0) return argument;
  const [kind, name] = [argument.slice(0, slash), argument.slice(slash + 1)];
  if (!KINDS.has(kind.toLowerCase()) || name === "") {
    throw new UsageError(`${argument}: only Deployments are supported; pass deployment/NAME`);
  }
  return name;
}
