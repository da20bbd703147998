// `status -w`: each guard at first, and again whenever its state changes; one guard alone as a page that stays current.
import type { GuardReport } from "../../../reports/report-types.ts";
import { ChangeSignal } from "../../cluster/change-signal.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { notFound } from "../../cluster/cluster-error.ts";
import { followChanges } from "../../follow-changes.ts";
import type { ListRequest } from "../../list-flags.ts";
import type { Terminal } from "../../terminal.ts";
import { noGuards, reportsIn, SOON_MS, selectedGuards } from "./read-reports.ts";

const CLEAR_SCREEN = "\u001B[H\u001B[2J";

/** How often a page on a terminal is written again: its spans count on. */
const TICK_MS = 1_000;

/** Resolves when the command is interrupted; rejects when there is nothing to watch. */
export async function watchReports(
  access: ClusterAccess,
  request: ListRequest,
  terminal: Terminal,
  show: (reports: readonly GuardReport[], request: ListRequest) => Promise<void>,
): Promise<void> {
  const { watchNamespace } = await import("../../cluster/watched-namespace.ts");
  const { client, clock } = access;
  const { name, allNamespaces, isWithoutHeaders } = request;
  const selected = await selectedGuards(access, request);
  const namespace = allNamespaces ? undefined : access.namespace;
  const { caches, stop } = await watchNamespace({ client, clock, namespace, spare: [] });
  const signal = new ChangeSignal(clock);
  caches.onChange(() => signal.give());
  const isPage = name !== undefined && terminal.isWatched;
  const news = new Newness();
  let nextAt: number | undefined;
  let isFirst = true;
  const read = (): readonly GuardReport[] => {
    const at = clock.now();
    const all = reportsIn(caches, at, selected);
    if (isFirst && all.length === 0 && !allNamespaces) throw noGuards(access.namespace, request);
    const meant = name === undefined ? all : all.filter((one) => one.name === name || one.target === name);
    if (isFirst && name !== undefined && meant.length === 0) {
      const names = all.map((one) => one.name);
      throw notFound("RolloutGuard", name, access.namespace, names, "list them without a name");
    }
    nextAt = Math.min(
      ...meant.map((report) => Date.parse(report.nextCheckAt ?? "") || Number.POSITIVE_INFINITY),
    );
    if (isPage) nextAt = at + TICK_MS;
    return meant.filter((report) => {
      const settlesAt = news.settlesAt(report, at);
      if (settlesAt > at) nextAt = Math.min(nextAt ?? settlesAt, settlesAt);
      return isPage || settlesAt <= at;
    });
  };
  try {
    await followChanges<GuardReport>(
      {
        read,
        changed: () => signal.wait(Number.isFinite(nextAt) ? nextAt : undefined),
        keyOf,
        stateOf: (report) => (isPage ? report.seenAt : stateOf(report)),
        show: async (reports, isChanged) => {
          if (isPage) terminal.out(CLEAR_SCREEN);
          await show(reports.filter(isChanged), {
            ...request,
            name: isPage ? name : undefined,
            isWithoutHeaders: isWithoutHeaders || !isFirst,
          });
          isFirst = false;
        },
      },
      terminal.interrupted(),
    );
  } finally {
    await stop();
  }
}

function keyOf({ namespace, name }: GuardReport): string {
  return `${namespace}/${name}`;
}

function stateOf({ phase, reason, isUnreported, running, good, lastIncident }: GuardReport): string {
  return JSON.stringify([
    phase,
    reason,
    isUnreported,
    running?.hash,
    good?.hash,
    lastIncident?.name,
    lastIncident?.phase,
  ]);
}

/** What the operator has not reported yet it is given a moment to report, so that no mark comes and goes. */
class Newness {
  readonly #since = new Map<string, number>();

  /** From when on the report counts (epoch ms). */
  settlesAt(report: GuardReport, at: number): number {
    const key = keyOf(report);
    if (!report.isUnreported) {
      this.#since.delete(key);
      return at;
    }
    const since = this.#since.get(key) ?? at;
    this.#since.set(key, since);
    return since + SOON_MS;
  }
}
