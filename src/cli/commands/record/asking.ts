// While a namespace is recorded, asks what decisions about its Deployments would ask, so that a replay has the answers.
import type { AnswerPort } from "../../../answers/answer-port.ts";
import { AnswerScheduler } from "../../../answers/answer-scheduler.ts";
import type { Caches } from "../../../kube/caches/caches.ts";
import type { Clock } from "../../../kube/clock.ts";
import { messageWithAdvice } from "../../../kube/missing-right.ts";
import type { RawObject } from "../../../kube/objects.ts";
import type { ReconcileKey } from "../../../kube/reconcile-key.ts";
import { askedByCommands } from "../../cluster/asked-by-commands.ts";
import { defaultGuard, targetOf } from "../replay/guard-file.ts";
import { ShadowGuard } from "../replay/shadow-guard.ts";
import type { Recorder } from "./recorder.ts";

export interface AskingOptions {
  /** What the namespace holds. Guards that decide are put into it, and nothing else. */
  readonly caches: Caches;
  readonly answers: AnswerPort;
  readonly recorder: Pick<Recorder, "answer">;
  readonly clock: Clock;
  readonly namespace: string;
  /** The guards that are there; a Deployment without one gets one with defaults. */
  readonly guards: readonly RawObject[];
}

/** More passes than any chain of transitions has. */
const PASS_LIMIT = 8;

/** Begins with `start`, when everything has been read. */
export class Asking {
  readonly #options: AskingOptions;
  readonly #scheduler: AnswerScheduler;
  readonly #shadows = new Map<ReconcileKey, ShadowGuard>();
  /** The Deployments that have a guard, their own or one with defaults. */
  readonly #guarded = new Set<string>();
  readonly #timers = new Map<ReconcileKey, () => void>();
  #isStarted = false;

  constructor(options: AskingOptions) {
    const { answers, recorder, clock, caches } = options;
    this.#options = options;
    this.#scheduler = new AnswerScheduler({
      answers: recording(answers, recorder),
      clock,
      onAnswer: (key) => this.#look(key),
    });
    caches.onChange((key) => {
      if (this.#isStarted) setImmediate(() => this.#look(key));
    });
  }

  start(): void {
    this.#isStarted = true;
    this.#guardAll();
  }

  stop(): void {
    this.#isStarted = false;
    this.#scheduler.forgetAll();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** A Deployment has come, perhaps. */
  seen(): void {
    if (this.#isStarted) this.#guardAll();
  }

  #guardAll(): void {
    const { caches, guards, namespace, clock } = this.#options;
    for (const [, name] of caches.contents.workloads.workloads.deployments.names(namespace)) {
      if (this.#guarded.has(name)) continue;
      this.#guarded.add(name);
      const own = guards.find((guard) => targetOf(guard) === name) ?? defaultGuard(name);
      const shadow = new ShadowGuard(caches, own, namespace, clock.now());
      this.#shadows.set(shadow.key, shadow);
      this.#look(shadow.key);
    }
  }

  #look(key: ReconcileKey): void {
    const shadow = this.#shadows.get(key);
    if (!shadow || !this.#isStarted) return;
    const { clock } = this.#options;
    let wakeAt: number | undefined;
    for (let pass = 0; pass < PASS_LIMIT; pass += 1) {
      const passed = shadow.pass(clock.now(), {
        known: this.#scheduler.known(key),
        toRecord: (questions, snapshot) => {
          void this.#scheduler.askToRecord(snapshot, questions);
          return {};
        },
      });
      if (!passed) break;
      this.#scheduler.want(key, passed.snapshot, askedByCommands(passed.decision.questions));
      wakeAt = passed.decision.wakeAt;
      if (!passed.isNews) break;
    }
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    if (wakeAt === undefined) return;
    this.#timers.set(
      key,
      clock.after(wakeAt - clock.now(), () => this.#look(key)),
    );
  }
}

/** Answers, and writes down what was answered. */
function recording(answers: AnswerPort, recorder: Pick<Recorder, "answer">): AnswerPort {
  return {
    async answer(question, snapshot) {
      const about = snapshot.workload?.name ?? "";
      try {
        const value = await answers.answer(question, snapshot);
        recorder.answer(about, question.key, { value });
        return value;
      } catch (error) {
        recorder.answer(about, question.key, { unavailable: messageWithAdvice(error) });
        throw error;
      }
    },
  };
}
