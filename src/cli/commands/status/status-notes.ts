// What whoever reads a status should know beside it: an operator that is silent, what was left out, what cannot be read.
import type { GuardReport } from "../../../reports/report-types.ts";
import { momentText, spanText } from "../../../reports/text/moments.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { leaseWarning } from "./operator-life.ts";
import { type ReadReports, SOON_MS } from "./read-reports.ts";

/** In sentences. */
export async function notesOf(
  { client, clock }: ClusterAccess,
  { reports, leftOut, unreadable }: ReadReports,
): Promise<readonly string[]> {
  const warning = await leaseWarning(client, () => clock.now());
  return [
    ...(warning === undefined ? [] : [warning]),
    ...reports.filter(({ isUnreported }) => isUnreported).map(silence),
    ...leftOut.map((plural) => `You have no permission to list ${plural}; what they show is missing here.`),
    ...unreadable,
  ];
}

/** How long the operator has not reported what can be seen. */
function silence(report: GuardReport): string {
  const { name, namespace, reported, seenAt } = report;
  const now = Date.parse(seenAt);
  const last =
    reported.phase === undefined
      ? "it has reported nothing yet"
      : `its last report is ${reported.phase}${reported.since === undefined ? "" : `, since ${momentText(Date.parse(reported.since), now)}`}`;
  return `The operator has not reported this of guard ${name} for ${spanText(now - visibleSince(report))}; ${last}. Check that RolloutGuard runs and watches namespace ${namespace}.`;
}

/** Since when what is not reported could be seen: the newest of what the guard is about, and before the first read. */
function visibleSince({ findings, running, seenAt }: GuardReport): number {
  const latest = Date.parse(seenAt) - SOON_MS;
  const failing = findings.filter(({ verdict }) => verdict === "failing").map(({ since }) => since);
  const known = [...failing, running?.completedAt ?? running?.since].flatMap((at) =>
    at === undefined ? [] : Date.parse(at),
  );
  return known.length === 0 ? latest : Math.min(latest, Math.max(...known));
}
