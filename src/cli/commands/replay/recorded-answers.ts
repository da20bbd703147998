// Answers from a recording, for the questions that a replayed decision asks: those that it holds, and, for Events about pods,
// the Events that were recorded.
import { withEarlier } from "../../../domain/questions/earlier-values.ts";
import { informativeEvents } from "../../../domain/questions/pod-events.ts";
import type { Answer, Answers } from "../../../domain/snapshot/answer.ts";
import type { EventView } from "../../../domain/snapshot/event.ts";
import type { PodEventsQuestion, Question } from "../../../domain/snapshot/question.ts";
import type { Snapshot } from "../../../domain/snapshot/snapshot.ts";
import type { Caches } from "../../../kube/caches/caches.ts";
import { maskedEvents } from "../../../kube/masking/masked-events.ts";
import { metaOf, type RawObject } from "../../../kube/objects.ts";
import { projectEvent } from "../../../kube/projections/event.ts";

const KINDS: ReadonlySet<string> = new Set(["Pod"]);

/** An answer that was recorded when it came. */
export interface RecordedAnswer {
  /** Epoch ms. */
  readonly at: number;
  readonly key: string;
  readonly answer: Answer;
}

interface Wanted {
  readonly question: Question;
  readonly askedAt?: number | undefined;
  readonly answer?: Answer | undefined;
}

export class RecordedAnswers {
  readonly #recorded: readonly RecordedAnswer[];
  readonly #caches: Pick<Caches, "contents">;
  readonly #events = new Map<string, EventView>();
  #wanted: ReadonlyMap<string, Wanted> = new Map();

  /** @param recorded in the order in which they came */
  constructor(recorded: readonly RecordedAnswer[], caches: Pick<Caches, "contents">) {
    this.#recorded = recorded;
    this.#caches = caches;
  }

  /** Takes note of an Event of any type. */
  take(type: "LIST" | "ADDED" | "MODIFIED" | "DELETED", event: RawObject): void {
    const { name } = metaOf(event);
    const view = type === "DELETED" ? undefined : projectEvent(event, KINDS);
    if (view) this.#events.set(name, view);
    else this.#events.delete(name);
  }

  /** The answers to what the last decision asked. */
  get known(): Answers {
    return Object.fromEntries(
      [...this.#wanted].flatMap(([key, { answer }]) => (answer ? [[key, answer]] : [])),
    );
  }

  /** Asks what the decision depends on, as often as its age allows. Whether an answer has come. */
  ask(questions: readonly Question[], snapshot: Snapshot, now: number): boolean {
    const before = this.#wanted;
    const wanted = questions.filter((question) => question.for === "decide");
    this.#wanted = new Map(
      wanted.map((question) => [
        question.key,
        this.#asked({ ...before.get(question.key), question }, snapshot, now),
      ]),
    );
    return [...this.#wanted].some(([key, { answer }]) => answer !== before.get(key)?.answer);
  }

  /** What an Incident records: the recorder asked at about the same moment, perhaps a little later. */
  toRecord(questions: readonly Question[], now: number): Answers {
    return Object.fromEntries(
      questions.flatMap(({ key }) => {
        const answer = this.#latest(key, now) ?? this.#next(key, now);
        return answer ? [[key, answer.answer]] : [];
      }),
    );
  }

  /** When an answer can come even if nothing else happens (epoch ms). */
  nextAt(now: number): number | undefined {
    const times = [...this.#wanted.values()].flatMap(({ question, askedAt = now }) =>
      this.#isRecorded(question.key)
        ? (this.#next(question.key, now)?.at ?? [])
        : question.ask === "podEvents"
          ? [askedAt + question.maxAgeMs]
          : [],
    );
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  #asked(wanted: Wanted, snapshot: Snapshot, now: number): Wanted {
    const { question, askedAt } = wanted;
    if (this.#isRecorded(question.key)) return { ...wanted, answer: this.#recordedAnswer(wanted, now) };
    const isFresh = askedAt !== undefined && now < askedAt + question.maxAgeMs;
    if (question.ask !== "podEvents" || isFresh) return wanted;
    return { question, askedAt: now, answer: { at: now, value: this.#eventsAbout(question, snapshot) } };
  }

  /** With the values before it that the scheduler would have remembered; the same object until another one comes. */
  #recordedAnswer({ question, answer: known }: Wanted, now: number): Answer | undefined {
    if (known !== undefined && known.at === this.#latest(question.key, now)?.at) return known;
    const come = this.#recorded.filter(({ key, at }) => key === question.key && at <= now);
    return come.reduce<Answer | undefined>(
      (before, { answer }) => withEarlier(answer, question, before),
      undefined,
    );
  }

  #eventsAbout({ pods }: PodEventsQuestion, { guard, workload }: Snapshot): readonly EventView[] {
    const about = [...this.#events.values()].filter(({ involved }) =>
      pods.some(({ uid }) => uid === involved.uid),
    );
    const fingerprints = workload ? this.#caches.contents.fingerprintsOf(guard.namespace, workload) : [];
    return maskedEvents(informativeEvents(about), fingerprints);
  }

  #isRecorded(key: string): boolean {
    return this.#recorded.some((answer) => answer.key === key);
  }

  #latest(key: string, now: number): RecordedAnswer | undefined {
    return this.#recorded.findLast((answer) => answer.key === key && answer.at <= now);
  }

  #next(key: string, now: number): RecordedAnswer | undefined {
    return this.#recorded.find((answer) => answer.key === key && answer.at > now);
  }
}
