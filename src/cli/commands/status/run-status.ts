// What `status` does, loaded when it runs.
import { setTimeout as pause } from "node:timers/promises";
import type { GuardPhase } from "../../../api/rollout-guard.ts";
import type { GuardReport } from "../../../reports/report-types.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import type { ListRequest } from "../../list-flags.ts";
import { asData } from "../../output-forms.ts";
import type { Terminal } from "../../terminal.ts";
import { glanceTable } from "./glance-table.ts";
import { guardPage } from "./guard-page.ts";
import { noGuards, type ReadReports, readReports, SOON_MS } from "./read-reports.ts";
import { notesOf } from "./status-notes.ts";
import { watchReports } from "./watch-reports.ts";

/** Resolves with the exit code; rejects with CommandError, or with what the API server said. */
export async function runStatus(
  access: ClusterAccess,
  request: ListRequest,
  terminal: Terminal,
): Promise<ExitCode> {
  if (request.watch) {
    await watchReports(access, request, terminal, (reports, form) => show(reports, form, terminal));
    return EXIT_CODES.fine;
  }
  const read = await readTwice(access, request);
  if (read.reports.length === 0) {
    if (!request.allNamespaces) throw noGuards(access.namespace, request);
    terminal.err("No RolloutGuards found in any namespace.\n");
    return EXIT_CODES.notFound;
  }
  await show(read.reports, request, terminal);
  for (const note of await notesOf(access, read)) terminal.err(`note: ${note}\n`);
  return exitCodeOf(read.reports);
}

/** What the operator has not reported yet it may be about to report. */
async function readTwice(access: ClusterAccess, request: ListRequest): Promise<ReadReports> {
  const read = await readReports(access, request);
  if (!read.reports.some(({ isUnreported }) => isUnreported)) return read;
  await pause(SOON_MS);
  return readReports(access, request);
}

async function show(
  reports: readonly GuardReport[],
  { name, output, allNamespaces, isWithoutHeaders }: ListRequest,
  terminal: Terminal,
): Promise<void> {
  const [report] = reports;
  const isOne = name !== undefined && report !== undefined;
  const names = reports.map((one) => `rolloutguard.rolloutguard.io/${one.name}`);
  const data = await asData(output, isOne ? report : { guards: reports }, names);
  const isWide = output.form === "wide";
  if (data !== undefined) terminal.out(data);
  else if (isOne) terminal.out(guardPage(report, terminal, isWide));
  else {
    const form = { isWide, showsNamespaces: allNamespaces, isWithoutHeaders };
    terminal.out(glanceTable(reports, terminal, form));
  }
}

const FAILING: ReadonlySet<GuardPhase> = new Set(["Failing", "RollingBack", "NotRecovered", "Waiting"]);

function exitCodeOf(reports: readonly GuardReport[]): ExitCode {
  return reports.some(({ phase }) => FAILING.has(phase)) ? EXIT_CODES.failing : EXIT_CODES.fine;
}
