// The controller: reflectors fill the caches, changes put keys into the queue, workers make passes. Handlers only enqueue.
import { randomUUID } from "node:crypto";
import type { AnswerPort } from "../answers/answer-port.ts";
import { AnswerScheduler } from "../answers/answer-scheduler.ts";
import { isNeededFor } from "../domain/guard/unread.ts";
import type { Ground } from "../domain/snapshot/ground.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { rulesOf } from "../domain/workload/rules-by-kind.ts";
import type { Caches } from "../kube/caches/caches.ts";
import type { Clock, ProcessorClock } from "../kube/clock.ts";
import type { ProcessorBudget } from "../kube/processor-budget.ts";
import { parseReconcileKey, type ReconcileKey } from "../kube/reconcile-key.ts";
import { NEEDS } from "../kube/resources.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { ClusterPort } from "./cluster-port.ts";
import { HandOverRetries } from "./hand-over-retries.ts";
import { IncidentTally } from "./incident-tally.ts";
import { MissingGuards } from "./missing-guards.ts";
import { EffectFailure } from "./pass-failure.ts";
import { type ReconcileDependencies, reconcile } from "./reconcile.ts";
import { ResultPolicy } from "./result-policy.ts";
import { isAbout, type Source } from "./source.ts";
import { StatusBudget } from "./status-budget.ts";
import { Transitions } from "./transitions.ts";
import type { UnreadSources } from "./unread-sources.ts";
import { WorkQueue } from "./work-queue.ts";

/** A pass or a queue that does not move for so long is stuck: every request has a deadline far below it. */
const STUCK_AFTER_MS = 10 * 60_000;

export interface ControllerOptions {
  readonly sources: readonly Source[];
  /** Looks after sources that are away for long. */
  readonly unread?: Pick<UnreadSources, "start" | "stop" | "names" | "includes"> | undefined;
  readonly caches: Pick<Caches, "onChange" | "reconcileKeys" | "unguardedKeys">;
  readonly cluster: ClusterPort;
  readonly answers: AnswerPort;
  readonly decide: ReconcileDependencies["decide"];
  readonly clock: Clock & ProcessorClock;
  /** What the namespaces have used of the processor: one that has used too much waits for its passes. */
  readonly processor: ProcessorBudget;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How many guards are worked on at once. */
  readonly workers: number;
  /** How often every guard is looked at although nothing changed. */
  readonly resyncIntervalMs: number;
  /** Whether this instance is the one that acts; without it always. See `leadershipChanged`. */
  readonly isLeading?: (() => boolean) | undefined;
}

/** Starts once and stops once. */
export class Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue<ReconcileKey>;
  readonly #transitions: Transitions;
  readonly #tally: IncidentTally;
  readonly #answers: AnswerScheduler;
  readonly #policy: ResultPolicy;
  readonly #statusBudget = new StatusBudget();
  readonly #handOverRetries = new HandOverRetries();
  readonly #missingGuards = new MissingGuards();
  readonly #stopping = new AbortController();
  #isWorking = false;
  #cancelResync = () => {};

  constructor(options: ControllerOptions) {
    const { clock, cluster, answers, metrics, workers } = options;
    this.#options = options;
    this.#queue = new WorkQueue({
      clock,
      concurrency: workers,
      stuckAfterMs: STUCK_AFTER_MS,
      run: (key) => this.#pass(key),
      notBefore: (key, now) => this.#options.processor.freeAt(parseReconcileKey(key).namespace, now),
      onStart: (waitedMs) => metrics.queueSeconds.observe({}, waitedMs / 1_000),
    });
    this.#transitions = new Transitions(metrics);
    this.#tally = new IncidentTally(metrics);
    this.#answers = new AnswerScheduler({
      answers,
      clock,
      onAnswer: (key) => {
        if (this.#isActing()) this.#queue.add(key);
      },
    });
    this.#policy = new ResultPolicy({
      queue: this.#queue,
      transitions: this.#transitions,
      tally: this.#tally,
      answers: this.#answers,
      cluster,
      clock,
    });
    metrics.queueDepth.readFrom(() => [[{}, this.#queue.depth]]);
  }

  /**
   * Resolves when the first passes are on their way: when all caches are filled, or what is missing has been kept from that for a
   * minute, which guards have to say. Or when it was stopped before.
   */
  async start(): Promise<void> {
    const { sources, unread, caches, logger } = this.#options;
    const { signal } = this.#stopping;
    caches.onChange((key) => {
      // A decision on half-filled caches would be wrong: what changes before that is among all guards afterwards.
      if (this.#isActing()) this.#queue.add(key);
    });
    for (const source of sources) source.start();
    const known = Promise.withResolvers<void>();
    const check = () => {
      if (sources.every((source) => source.hasSynced || unread?.includes(source))) known.resolve();
    };
    unread?.start(() => {
      check();
      this.#reconcileAll();
    });
    for (const source of sources) source.whenSynced(signal).then(check, known.reject);
    try {
      await known.promise;
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    this.#isWorking = true;
    const keys = caches.reconcileKeys();
    const guards = `watching ${keys.length} guard${keys.length === 1 ? "" : "s"}`;
    logger.info(sources.every(({ hasSynced }) => hasSynced) ? `caches synced; ${guards}` : guards);
    this.#reconcileAll();
  }

  /**
   * This instance begins to act, or ends it. Standing by means that the caches go on and nothing else does: at the
   * beginning all guards are looked at, so nothing of the time before has to be remembered.
   */
  leadershipChanged(): void {
    this.#transitions.forgetAll();
    this.#tally.forgetAll();
    this.#answers.forgetAll();
    if (this.#isActing()) this.#reconcileAll();
  }

  /** Ends reading, lets passes in progress finish, drops the others. Resolves with whether all ended in time. */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stopping.abort();
    this.#isWorking = false;
    this.#cancelResync();
    this.#options.unread?.stop();
    this.#answers.forgetAll();
    const [isDrained] = await Promise.all([
      this.#queue.stop(timeoutMs),
      ...this.#options.sources.map((source) => source.stop()),
    ]);
    return isDrained;
  }

  /** True while passes move along; else a sentence that says what does not. */
  isAlive(): true | string {
    return this.#queue.isAlive();
  }

  /** True while the caches are filled and guards are looked at; else a sentence that says what is missing. */
  isReady(): true | string {
    if (this.#stopping.signal.aborted) return "the operator is stopping";
    const missing = this.#options.sources
      .filter(({ hasSynced, isOnlyEvidence }) => !hasSynced && !(isOnlyEvidence && this.#isWorking))
      .map(({ name }) => name);
    if (missing.length > 0) return `waiting for caches to sync: ${missing.join(", ")}`;
    const unread = this.#options.unread?.names() ?? [];
    if (unread.length > 0) return `out of date for more than a minute: ${unread.join(", ")}`;
    return this.#isWorking || "starting workers";
  }

  #staleSources(key: ReconcileKey, restsOn: readonly Ground[]): string | undefined {
    const { namespace } = parseReconcileKey(key);
    const behind = this.#options.sources.filter(
      (source) => !source.isCurrent && !source.isOnlyEvidence && isNeeded(source, namespace, restsOn),
    );
    return behind.length > 0 ? behind.map(({ name }) => name).join(", ") : undefined;
  }

  #isActing(): boolean {
    return this.#isWorking && (this.#options.isLeading?.() ?? true);
  }

  #reconcileAll(): void {
    const { caches, clock, resyncIntervalMs } = this.#options;
    this.#cancelResync();
    const keys = this.#isActing() ? [...caches.reconcileKeys(), ...caches.unguardedKeys()] : [];
    for (const key of keys) this.#queue.add(key);
    this.#cancelResync = clock.after(resyncIntervalMs, () => this.#reconcileAll());
  }

  async #pass(key: ReconcileKey): Promise<void> {
    // Asked for while this instance still led. The gate of the writes keeps back what a pass under way would do.
    if (!this.#isActing()) return;
    const { cluster, decide, clock, metrics, logger } = this.#options;
    const startedAt = clock.now();
    const { namespace, guard } = parseReconcileKey(key);
    const log = logger.child({ guard: `${namespace}/${guard}`, reconcileId: randomUUID().slice(0, 8) });
    const usedBefore = clock.processorMs();
    const pass = reconcile(key, {
      cluster,
      answers: this.#answers,
      decide,
      clock,
      staleSources: (restsOn) => this.#staleSources(key, restsOn),
      statusBudget: this.#statusBudget,
      handOverRetries: this.#handOverRetries,
      missingGuards: this.#missingGuards,
      onWritten: (snapshot, effect) => this.#transitions.written(about(log, snapshot), snapshot, effect),
      onNotHandedOver: (snapshot, failure) => this.#policy.notHandedOver(failure, about(log, snapshot)),
    });
    // Up to here it has observed and decided; what comes later waits for the API server.
    this.#options.processor.note(namespace, clock.processorMs() - usedBefore, clock.now());
    const result = await pass
      .then((outcome) =>
        this.#policy.ended(key, outcome, "snapshot" in outcome ? about(log, outcome.snapshot) : log),
      )
      .catch((error) =>
        this.#policy.failed(key, error, error instanceof EffectFailure ? about(log, error.snapshot) : log),
      );
    metrics.reconciles.count({ result });
    metrics.reconcileSeconds.observe({ result }, (clock.now() - startedAt) / 1_000);
  }
}

/** Whether a decision about a guard of the namespace that rests on the grounds needs the source. */
function isNeeded(source: Source, ofGuard: string, restsOn: readonly Ground[]): boolean {
  const { resource } = source;
  if (!isAbout(source, ofGuard)) return false;
  return resource === undefined || resource === "events" || isNeededFor(restsOn, NEEDS[resource]);
}

/** The log with what the pass is about. */
function about(log: Logger, { workload, revisions }: Snapshot): Logger {
  if (!workload) return log;
  const rollout = rulesOf(workload).currentRevision(workload, revisions)?.hash;
  return log.child({ deployment: workload.name, rollout });
}
