// `status`: guards at a glance, or one in full, as things are at this moment.
import { setTimeout as pause } from "node:timers/promises";
import type { GuardPhase } from "../../../api/rollout-guard.ts";
import type { FilledCaches } from "../../../kube/filled-caches.ts";
import { parseReconcileKey, type ReconcileKey } from "../../../kube/reconcile-key.ts";
import type { GuardReport } from "../../../reports/report-types.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { notFound } from "../../cluster/cluster-error.ts";
import { CommandError, EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import { onOff } from "../../flags.ts";
import { nameOrAll } from "../../named-object.ts";
import { dataText, OUTPUT_FLAG } from "../../output-forms.ts";
import { glanceTable } from "./glance-table.ts";
import { guardPage } from "./guard-page.ts";
import { observedGuard } from "./observed-guard.ts";
import { leaseTrouble } from "./operator-life.ts";

/** How long an operator that runs takes at most to say what it sees. */
const SOON_MS = 2_000;

export const statusCommand = defineClusterCommand({
  summary: "Show guarded Deployments and what they wait for",
  description:
    "Shows how guarded Deployments are now: worked out by the operator's own rules from what the cluster says at this moment, and held against what the operator has said.",
  usage: "[NAME] [-n NS | -A] [flags]",
  argument: "[NAME]",
  flags: {
    allNamespaces: onOff("-A, --all-namespaces", "guards of all namespaces"),
    output: OUTPUT_FLAG,
  },
  examples: ["kubectl rolloutguard status -A", "kubectl rolloutguard status checkout-service -n production"],
  exitCodes:
    "0 fine, 1 a rollout fails or a guard cannot work, 2 wrong usage,\n3 it cannot be told, 6 there is no such guard",
  completes: "rolloutguards",
  parse: ({ args, flags }) => ({
    ...flags,
    name: nameOrAll("status", "guard", args[0], flags.allNamespaces),
  }),
  async run(access, { name, allNamespaces, output }, terminal) {
    const { reports, notes } = await read(access, allNamespaces ? undefined : access.namespace, name);
    const [report] = reports;
    if (output === "json" || output === "yaml") {
      const data = name !== undefined && report ? report : { guards: reports };
      terminal.out(dataText(data, output));
    } else if (name !== undefined && report) {
      terminal.out(guardPage(report, terminal, output === "wide"));
    } else {
      const form = { isWide: output === "wide", showsNamespaces: allNamespaces };
      terminal.out(glanceTable(reports, terminal, form));
    }
    for (const note of notes) terminal.err(`note: ${note}\n`);
    return exitCodeOf(reports);
  },
});

async function read(
  { client, clock, namespace: ofUser }: ClusterAccess,
  namespace: string | undefined,
  name: string | undefined,
): Promise<{ readonly reports: readonly GuardReport[]; readonly notes: readonly string[] }> {
  const { fillCaches } = await import("../../../kube/filled-caches.ts");
  const trouble = leaseTrouble(client, () => clock.now());
  let filled = await fillCaches(client, clock, namespace);
  let reports = reportsOf(filled, name, ofUser);
  // What the operator has not said yet it may be about to say.
  if (reports.some(({ isUnsaid }) => isUnsaid)) {
    await pause(SOON_MS);
    filled = await fillCaches(client, clock, namespace);
    reports = reportsOf(filled, name, ofUser);
  }
  if (reports.length === 0 && namespace !== undefined) throw noGuards(namespace);
  if (reports.length === 0)
    throw new CommandError(`no namespace has a RolloutGuard; ${HOW_TO_GUARD}`, EXIT_CODES.notFound);
  return { reports, notes: notesOf(filled, reports, await trouble) };
}

/** All guards by namespace and name, or the one that is meant. */
function reportsOf(
  filled: FilledCaches,
  name: string | undefined,
  namespace: string,
): readonly GuardReport[] {
  const keys = filled.caches.reconcileKeys().sort(byGuard);
  const reports = keys.flatMap((key) => observedGuard(filled, key) ?? []);
  if (name === undefined || keys.length === 0) return reports;
  const named = reports.find((one) => one.name === name) ?? reports.find((one) => one.target === name);
  if (named) return [named];
  const names = keys.map((key) => parseReconcileKey(key).guard);
  const deployment = filled.caches.contents.workloads.get(namespace, { kind: "Deployment", name });
  if (deployment) {
    throw new CommandError(
      `Deployment ${name} in namespace ${namespace} has no RolloutGuard; ${HOW_TO_GUARD}`,
      EXIT_CODES.notFound,
    );
  }
  throw notFound("RolloutGuard", name, namespace, names, HOW_TO_GUARD);
}

/** By namespace and name. */
function byGuard(a: ReconcileKey, b: ReconcileKey): number {
  const [left, right] = [a, b].map((key) => {
    const { namespace, guard } = parseReconcileKey(key);
    return `${namespace}/${guard}`;
  });
  return (left ?? "") < (right ?? "") ? -1 : 1;
}

const HOW_TO_GUARD =
  "apply one that names the Deployment as its target (config/samples/sre-app.yaml is the shortest)";

function noGuards(namespace: string): CommandError {
  return new CommandError(
    `namespace ${namespace} has no RolloutGuard; ${HOW_TO_GUARD}, or see those of other namespaces with -A`,
    EXIT_CODES.notFound,
  );
}

function notesOf(
  filled: FilledCaches,
  reports: readonly GuardReport[],
  trouble: string | undefined,
): readonly string[] {
  const unsaid = reports.filter(({ isUnsaid }) => isUnsaid);
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...unsaid.map(
      ({ name, told }) =>
        `The operator has not said this of ${name} ${SOON_MS / 1_000} s after it could be seen; ${
          told.phase === undefined ? "it has said nothing yet" : `its last word is ${told.phase}`
        }. Does it run, and does it watch this namespace?`,
    ),
    ...filled.leftOut.map((plural) => `You may not list ${plural}: what they would tell is missing here.`),
    ...filled.unreadable,
  ];
}

const FAILING: ReadonlySet<GuardPhase> = new Set(["Failing", "RollingBack", "NotRecovered", "Waiting"]);

function exitCodeOf(reports: readonly GuardReport[]): ExitCode {
  return reports.some(({ phase }) => FAILING.has(phase)) ? EXIT_CODES.failing : EXIT_CODES.fine;
}
