// What a decision asks, as data. Pure: adapters in src/answers answer, and the answers are in the next snapshot.
import type { HttpCheck } from "../../api/http-check.ts";
import type { LastWords } from "../../api/incident.ts";
import type { MetricCheck } from "../../api/metric-check.ts";
import type { AskedPod } from "./asked-pod.ts";
import type { EventView } from "./event.ts";
import type { HttpSample } from "./http-sample.ts";
import type { MetricSample } from "./metric-sample.ts";
import type { NetworkView } from "./network.ts";

/** A question is asked for as long as decisions ask it, and its answer is in the snapshot for as long. */
export type Question =
  | PodLogQuestion
  | NetworkPoliciesQuestion
  | PodEventsQuestion
  | MetricSampleQuestion
  | HttpSampleQuestion;

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
  /** For so long earlier values stay in the answer, newest first (ms); without it none do. */
  readonly rememberMs?: number | undefined;
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

/** What the check measures at this moment, or measured at `endAt`. */
export interface MetricSampleQuestion extends AnyQuestion {
  readonly ask: "metricSample";
  readonly check: MetricCheck;
  readonly namespace: string;
  readonly workload: string;
  /** Undefined: this side is not asked about. */
  readonly new?: SampledPods | undefined;
  readonly old?: SampledPods | undefined;
  /** How far back it counts (ms). */
  readonly windowMs: number;
  /** The end of the window (epoch ms), for a time that is past; undefined: now. */
  readonly endAt?: number | undefined;
}

/** Pods of one revision. */
export interface SampledPods {
  readonly hash: string;
  readonly replicaSet: string;
  /** None: all that the ReplicaSet had, by its name, because they are gone. */
  readonly pods: readonly AskedPod[];
}

/** How the pods answer. */
export interface HttpSampleQuestion extends AnyQuestion {
  readonly ask: "httpSample";
  readonly check: HttpCheck;
  readonly new: readonly AskedPod[];
  readonly old: readonly AskedPod[];
}

/** What each kind of question is answered with. */
export interface AnswerValues {
  readonly podLog: LastWords;
  readonly networkPolicies: NetworkView;
  readonly podEvents: readonly EventView[];
  readonly metricSample: MetricSample;
  readonly httpSample: HttpSample;
}

export type Ask = keyof AnswerValues;
export type QuestionOf<A extends Ask> = Extract<Question, { readonly ask: A }>;
