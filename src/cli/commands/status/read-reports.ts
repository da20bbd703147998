// The reports on all guards of a namespace or of the cluster, or on the one that is meant, from one read.
import type { Caches } from "../../../kube/caches/caches.ts";
import type { FilledCaches } from "../../../kube/filled-caches.ts";
import { metaOf } from "../../../kube/objects.ts";
import { parseReconcileKey, type ReconcileKey } from "../../../kube/reconcile-key.ts";
import type { GuardReport } from "../../../reports/report-types.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { notFound } from "../../cluster/cluster-error.ts";
import { CommandError, EXIT_CODES } from "../../exit-codes.ts";
import type { ListRequest } from "../../list-flags.ts";
import { observedGuard } from "./observed-guard.ts";

/** How long an operator that runs takes at most to report what it sees. */
export const SOON_MS = 2_000;

export interface ReadReports extends Pick<FilledCaches, "leftOut" | "unreadable"> {
  readonly reports: readonly GuardReport[];
}

type Selection = Pick<ListRequest, "name" | "selector" | "allNamespaces">;

/** Rejects with CommandError when the guard that is meant does not exist. */
export async function readReports(access: ClusterAccess, selection: Selection): Promise<ReadReports> {
  const { client, clock, namespace } = access;
  const { fillCaches } = await import("../../../kube/filled-caches.ts");
  const [filled, selected] = await Promise.all([
    fillCaches(client, clock, selection.allNamespaces ? undefined : namespace),
    selectedGuards(access, selection),
  ]);
  const reports = reportsIn(filled.caches, filled.at, selected);
  return { ...filled, reports: named(reports, filled.caches, selection.name, namespace) };
}

/** "namespace/name" of the guards with the labels; undefined: all of them. */
export async function selectedGuards(
  { client, namespace }: ClusterAccess,
  { selector, allNamespaces }: Selection,
): Promise<ReadonlySet<string> | undefined> {
  if (selector === undefined) return undefined;
  const { listAll } = await import("../../../kube/list-all.ts");
  const guards = await listAll(client, "rolloutguards", allNamespaces ? undefined : namespace, selector);
  return new Set(guards.map(metaOf).map((meta) => `${meta.namespace}/${meta.name}`));
}

/** By namespace and name. */
export function reportsIn(
  caches: Caches,
  at: number,
  selected: ReadonlySet<string> | undefined,
): readonly GuardReport[] {
  return caches
    .reconcileKeys()
    .filter((key) => selected?.has(idOf(key)) ?? true)
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    .flatMap((key) => observedGuard({ caches, at }, key) ?? []);
}

function idOf(key: ReconcileKey): string {
  const { namespace, guard } = parseReconcileKey(key);
  return `${namespace}/${guard}`;
}

/** All of them, or the one with the name or with a Deployment of that name. */
function named(
  reports: readonly GuardReport[],
  caches: Caches,
  name: string | undefined,
  namespace: string,
): readonly GuardReport[] {
  if (name === undefined || reports.length === 0) return reports;
  const found = reports.find((one) => one.name === name) ?? reports.find((one) => one.target === name);
  if (found) return [found];
  if (caches.contents.workloads.get(namespace, { kind: "Deployment", name })) {
    throw new CommandError(
      `Deployment ${name} in namespace ${namespace} has no RolloutGuard; ${HOW_TO_GUARD}`,
      EXIT_CODES.notFound,
    );
  }
  throw notFound(
    "RolloutGuard",
    name,
    namespace,
    reports.map((one) => one.name),
    HOW_TO_GUARD,
  );
}

const HOW_TO_GUARD = "apply one whose spec.target names the Deployment";

/** There is nothing to show of the namespace. */
export function noGuards(namespace: string, { selector }: Selection): CommandError {
  const what =
    selector === undefined ? "has no RolloutGuard" : `has no RolloutGuard with the labels ${selector}`;
  return new CommandError(
    `namespace ${namespace} ${what}; ${HOW_TO_GUARD}, or list those of all namespaces with -A`,
    EXIT_CODES.notFound,
  );
}
