// Everything that kubectl rolloutguard would tell of a guard and of the Incident that its decision opens, in one text.
import { incidentPage } from "../../src/cli/commands/incidents/incident-page.ts";
import { incidentsTable } from "../../src/cli/commands/incidents/incidents-table.ts";
import { glanceTable } from "../../src/cli/commands/status/glance-table.ts";
import { guardPage } from "../../src/cli/commands/status/guard-page.ts";
import { observedGuard } from "../../src/cli/commands/status/observed-guard.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Caches } from "../../src/kube/caches/caches.ts";
import { parseReconcileKey, type ReconcileKey } from "../../src/kube/reconcile-key.ts";
import { postmortem } from "../../src/reports/postmortem/postmortem.ts";

const LOOK = { columns: 10_000, hasColours: false, isWatched: false };

/** @param at epoch ms */
export function allReports(caches: Caches, key: ReconcileKey, decision: Decision, at: number): string {
  const report = observedGuard({ caches, at }, key);
  if (!report) throw new Error("there is no such guard");
  const { namespace } = parseReconcileKey(key);
  const form = { isWide: true, showsNamespaces: true };
  const reported = [JSON.stringify(report), guardPage(report, LOOK, true), glanceTable([report], LOOK, form)];
  for (const effect of decision.effects) {
    if (effect.type !== "openIncident") continue;
    const after = decision.effects.find((one) => one.type === "updateIncident" && one.name === effect.name);
    const status = after?.type === "updateIncident" ? after.status : undefined;
    const view = { name: effect.name, uid: "uid", spec: effect.spec, status };
    const read = { namespace, view, object: {} };
    // Markdown's escapes would hide what is looked for.
    const markdown = postmortem(view, namespace, at).replaceAll("\\", "");
    reported.push(incidentPage(read, at, LOOK, true), incidentsTable([read], at, LOOK, form), markdown);
  }
  return reported.join("\n");
}
