// Asks what decisions want to know: in the background while they want it, each question once at a time and not more often
// than its age allows; or at once, before an Incident is opened.

import { plainText, shortText } from "../domain/plain-text.ts";
import { withEarlier } from "../domain/questions/earlier-values.ts";
import type { Answer, Answers } from "../domain/snapshot/answer.ts";
import type { Question } from "../domain/snapshot/question.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Clock } from "../kube/clock.ts";
import { messageWithAdvice } from "../kube/missing-right.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import type { AnswerPort } from "./answer-port.ts";

export interface AnswerSchedulerOptions {
  readonly answers: AnswerPort;
  readonly clock: Clock;
  /** Called with the key of a guard when an answer for it has come. It must only take note of it. */
  readonly onAnswer: (key: ReconcileKey) => void;
}

const WHY_BYTES = 600;

/** One question of one guard. It is kept for as long as its age forbids to ask again, wanted or not. */
interface Entry {
  question: Question;
  /** What it is asked about. */
  snapshot: Snapshot;
  isWanted: boolean;
  isBeingAsked: boolean;
  /** When it was asked last (epoch ms). */
  askedAt?: number;
  answer?: Answer;
  cancelTimer?: () => void;
}

export class AnswerScheduler {
  readonly #options: AnswerSchedulerOptions;
  readonly #entries = new Map<ReconcileKey, Map<string, Entry>>();

  constructor(options: AnswerSchedulerOptions) {
    this.#options = options;
  }

  /** The answers to what the guard's last decision wanted, as far as there are any; one can be older than it should be. */
  known(key: ReconcileKey): Answers {
    const entries = [...(this.#entries.get(key) ?? [])];
    return Object.fromEntries(
      entries.flatMap(([name, { isWanted, answer }]) => (isWanted && answer ? [[name, answer]] : [])),
    );
  }

  /** Takes note of what the guard's decision wants to know to decide, and of nothing else any more; asks what is due. */
  want(key: ReconcileKey, snapshot: Snapshot, questions: readonly Question[]): void {
    const wanted = new Map(
      questions.filter((question) => question.for === "decide").map((question) => [question.key, question]),
    );
    const entries = this.#entries.get(key) ?? new Map<string, Entry>();
    for (const [name, entry] of entries) {
      entry.isWanted = wanted.has(name);
      if (entry.isWanted) continue;
      entry.cancelTimer?.();
      if (!entry.isBeingAsked && this.#dueAt(entry) <= this.#options.clock.now()) entries.delete(name);
    }
    for (const [name, question] of wanted) {
      const entry = entries.get(name) ?? { question, snapshot, isWanted: true, isBeingAsked: false };
      Object.assign(entry, { question, snapshot });
      entries.set(name, entry);
      this.#askWhenDue(key, entry);
    }
    if (entries.size > 0) this.#entries.set(key, entries);
    else this.#entries.delete(key);
  }

  /** Asks now, side by side, what an Incident is to record. Never rejects. */
  async askToRecord(snapshot: Snapshot, questions: readonly Question[]): Promise<Answers> {
    const asked = questions.filter((question) => question.for === "record");
    const answers = await Promise.all(
      asked.map(async (question) => [question.key, await this.#answer(question, snapshot)] as const),
    );
    return Object.fromEntries(answers);
  }

  /** The guard is gone. */
  forget(key: ReconcileKey): void {
    for (const entry of this.#entries.get(key)?.values() ?? []) {
      entry.isWanted = false;
      entry.cancelTimer?.();
    }
    this.#entries.delete(key);
  }

  /** Nobody decides here any more. */
  forgetAll(): void {
    for (const key of this.#entries.keys()) this.forget(key);
  }

  #dueAt({ askedAt, question }: Entry): number {
    return askedAt === undefined ? 0 : askedAt + question.maxAgeMs;
  }

  #askWhenDue(key: ReconcileKey, entry: Entry): void {
    const { clock } = this.#options;
    entry.cancelTimer?.();
    if (entry.isBeingAsked || !entry.isWanted) return;
    const waitMs = this.#dueAt(entry) - clock.now();
    if (waitMs <= 0) void this.#ask(key, entry);
    else entry.cancelTimer = clock.after(waitMs, () => void this.#ask(key, entry));
  }

  async #ask(key: ReconcileKey, entry: Entry): Promise<void> {
    entry.isBeingAsked = true;
    entry.askedAt = this.#options.clock.now();
    const { question, snapshot, answer: before } = entry;
    entry.answer = withEarlier(await this.#answer(question, snapshot), question, before);
    entry.isBeingAsked = false;
    if (!entry.isWanted) return;
    this.#askWhenDue(key, entry);
    this.#options.onAnswer(key);
  }

  async #answer(question: Question, snapshot: Snapshot): Promise<Answer> {
    const at = this.#options.clock.now();
    try {
      return { at, value: await this.#options.answers.answer(question, snapshot) };
    } catch (error) {
      return { at, unavailable: shortText(plainText(messageWithAdvice(error)), WHY_BYTES) };
    }
  }
}
