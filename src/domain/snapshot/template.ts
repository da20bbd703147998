// A pod template in the snapshot.
import type { ScrapeTarget } from "./asked-pod.ts";
import type { ProbeView } from "./probe.ts";

/** What the decision needs of a pod template. Never a value of an environment variable. */
export interface TemplateView {
  /** Without pod-template-hash. */
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerTemplateView[];
  readonly hasReadinessGates: boolean;
  /** Identity of what scheduling depends on: requests, node selector, affinity, tolerations, spread, priority, host ports. */
  readonly schedulingKey: string;
  /** Secrets, ConfigMaps, claims and service accounts that it refers to, as "Secret/name". */
  readonly references: readonly string[];
  /** Its volumes and what they hold, as "settings: ConfigMap/web". */
  readonly volumes: readonly string[];
  /** Prints of its volumes by name: all that they say. */
  readonly volumePrints: Prints;
  /** Prints of its annotations by name, `kubectl rollout restart`'s left out, and of fields of which nothing else is kept. */
  readonly annotations: Prints;
  readonly otherFields: Prints;
  /** Where its annotations say that its pods serve metrics; undefined where they say nothing. */
  readonly scrape?: ScrapeTarget | undefined;
}

/** By name, a number that changes when the content does. It tells nothing of the content, and is another one in every process. */
export type Prints = Readonly<Record<string, number>>;

export type ContainerKind = "app" | "init" | "sidecar";

export interface ContainerTemplateView {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly image: string;
  readonly ports: readonly { readonly name?: string | undefined; readonly port: number }[];
  readonly readiness?: ProbeView | undefined;
  readonly liveness?: ProbeView | undefined;
  readonly startup?: ProbeView | undefined;
  readonly env: readonly EnvVariableView[];
  /** Secrets and ConfigMaps of which all keys become variables, as "Secret/name". */
  readonly envFrom: readonly string[];
  /** Identity of command and args. */
  readonly commandKey: string;
  /** Volumes and where they are mounted, as "settings at /etc/web". */
  readonly mounts: readonly string[];
  /** Prints of its fields of which only a part is kept: all that they say. */
  readonly knownFields: Prints;
  /** Prints of its fields of which nothing else is kept. */
  readonly otherFields: Prints;
  /** Requests and limits as written, "limits.memory=64Mi" and so on, sorted. */
  readonly resources: readonly string[];
}

/** An environment variable. Its value is never kept. */
export interface EnvVariableView {
  readonly name: string;
  /** Where the value comes from, as "Secret/database key url"; undefined for one that is given by value. */
  readonly source?: string | undefined;
  /** Changes when the value or its source does; see {@link Prints}. */
  readonly print: number;
}
