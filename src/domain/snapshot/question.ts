// What a decision asks, as data. Pure: adapters in src/answers answer, and the answers are in the next snapshot.
import type { LastWords } from "../../api/incident.ts";
import type { EventView } from "./event.ts";
import type { NetworkView } from "./network.ts";

/** A question is asked for as long as decisions ask it, and its answer is in the snapshot for as long. */
export type Question = PodLogQuestion | NetworkPoliciesQuestion | PodEventsQuestion;

interface AnyQuestion {
  /** Identifies it among the questions of the guard. With the same key the newest wording is asked. */
  readonly key: string;
  /**
   * decide: the decision itself depends on it; it is asked in the background, and its answer makes a pass.
   * record: only what an Incident records depends on it; it is asked while live objects are read before one is opened.
   */
  readonly for: "decide" | "record";
  /** How old its answer can get before it is asked again (ms); it is never asked more often. */
  readonly maxAgeMs: number;
}

/** What a container of a pod wrote last. */
export interface PodLogQuestion extends AnyQuestion {
  readonly ask: "podLog";
  readonly pod: string;
  readonly container: string;
  /** The container was restarted since; what runs now is another one. */
  readonly previous: boolean;
}

/** The NetworkPolicies of the namespace, and who else runs in it. */
export interface NetworkPoliciesQuestion extends AnyQuestion {
  readonly ask: "networkPolicies";
}

/** All Events about some pods, Normal ones too: the caches hold Warnings only. */
export interface PodEventsQuestion extends AnyQuestion {
  readonly ask: "podEvents";
  readonly pods: readonly { readonly name: string; readonly uid: string }[];
}

/** What each kind of question is answered with. */
export interface AnswerValues {
  readonly podLog: LastWords;
  readonly networkPolicies: NetworkView;
  readonly podEvents: readonly EventView[];
}

export type Ask = keyof AnswerValues;
export type QuestionOf<A extends Ask> = Extract<Question, { readonly ask: A }>;
