// What a command says when the cluster does not give it what it needs.
import { DOCUMENTATION_BASE } from "../../api/causes.ts";
import { GROUP } from "../../api/group.ts";
import { nearest } from "../../domain/nearest.ts";
import { isNotFound } from "../../kube/connection/api-error.ts";
import { callText, refusedCall } from "../../kube/missing-right.ts";
import { CommandError, EXIT_CODES } from "../exit-codes.ts";
import type { ClusterAccess } from "./cluster-access.ts";

/** Runs `work`, whose errors become what a person can act on. What is not found may be so for its namespace. */
export async function withClusterErrors<T>(access: ClusterAccess, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = clusterError(error, access.server);
    if (known instanceof CommandError && known.exitCode === EXIT_CODES.notFound) {
      await access.namespaceMustExist();
    }
    throw known;
  }
}

/**
 * The error as a person can act on it: which right is missing, that nothing is installed, or what the server said. A
 * CommandError stays what it is, and so does what only a bug throws.
 */
function clusterError(error: unknown, server: string): unknown {
  if (error instanceof CommandError || BUGS.some((bug) => error instanceof bug)) return error;
  const refused = refusedCall(error);
  if (refused) {
    const isOwn = refused.resource.startsWith("rolloutguards") || refused.resource.startsWith("incidents");
    const isRead = ["get", "list", "watch"].includes(refused.verb);
    const granting = isOwn
      ? `RolloutGuard adds that right to the ClusterRoles ${isRead ? "view, edit" : "edit"} and admin`
      : `the ClusterRole ${isRead ? "view" : "edit"} grants it`;
    const where =
      refused.namespace === undefined ? "; with -n NS you need that right in one namespace only" : "";
    return new CommandError(
      `you have no permission to ${callText(refused)}: ${granting}${where}`,
      undefined,
      {
        cause: error,
      },
    );
  }
  if (isNotFound(error) && error.message.includes(`/${GROUP}/`)) {
    return new CommandError(
      `${server} does not serve ${GROUP}: RolloutGuard is not installed there (${DOCUMENTATION_BASE}/getting-started/install.md), or --context names another cluster`,
      undefined,
      { cause: error },
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  const isWrite = /^(POST|PATCH|PUT|DELETE) /.test(said);
  const what = isWrite ? "cannot write to" : "cannot read from";
  return new CommandError(`${what} ${server}: ${said}`, undefined, { cause: error });
}

/** There is none of that name: which one was probably meant, or which there are. */
export function notFound(
  what: string,
  name: string,
  namespace: string,
  names: readonly string[],
  whenNone: string,
): CommandError {
  const meant = nearest(name, names);
  const shown = names.slice(0, MOST_NAMES).join(", ");
  const others = names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
  const hint =
    names.length === 0
      ? whenNone
      : meant
        ? `did you mean ${meant}?`
        : `there ${names.length === 1 ? "is" : "are"} ${others}`;
  return new CommandError(
    `there is no ${what} ${name} in namespace ${namespace}; ${hint}`,
    EXIT_CODES.notFound,
  );
}

const MOST_NAMES = 8;

const BUGS = [TypeError, RangeError, ReferenceError];
