// The Deployment that a command is told to look at, as kubectl lets people write it.
import { namesIn } from "./cluster/cluster-values.ts";
import { UsageError } from "./exit-codes.ts";

const KINDS: ReadonlySet<string> = new Set(["deployment", "deployments", "deploy", "deployments.apps"]);

/** "web" of "web" or "deployment/web". Throws UsageError for anything else. */
export function deploymentName(command: string, argument: string | undefined): string {
  if (argument === undefined || argument === "") {
    throw new UsageError(`name a Deployment: ${command} deployment/NAME`);
  }
  const slash = argument.indexOf("/");
  if (slash < 0) return argument;
  const [kind, name] = [argument.slice(0, slash), argument.slice(slash + 1)];
  if (!KINDS.has(kind.toLowerCase()) || name === "") {
    throw new UsageError(`${argument}: only Deployments are known here; write deployment/NAME`);
  }
  return name;
}

/** The Deployments of the namespace, for shells. */
export async function deploymentNames(options: Record<string, unknown>): Promise<readonly string[]> {
  return namesIn(
    (namespace) => `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments`,
    options,
  );
}
