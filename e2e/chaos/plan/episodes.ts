// What can go wrong around the operators, and how an operator ends.
import type { Fault } from "@rolloutguard/simulated-cluster";
import type { ResourceName, UncachedResourceName } from "../../../src/kube/resources.ts";

/** The two operators. */
export type Which = "first" | "second";
export type Whom = Which | "both";

/** What goes wrong during an episode. */
export type Trouble =
  /** The API server fails as this fault says, for as long as the episode lasts. */
  | { readonly is: "fault"; readonly fault: Fault }
  /** The same, again and again. */
  | { readonly is: "faults"; readonly fault: Fault; readonly everyMs: number }
  /** The API server forgets its history: 410 for whoever goes on from before. */
  | { readonly is: "expiry" }
  /** The API server is away; when it is back it remembers nothing of its history. */
  | { readonly is: "restart" }
  /** Nothing arrives, and nobody is told. */
  | { readonly is: "partition"; readonly whom: Whom }
  /** Everything arrives late. */
  | { readonly is: "lag"; readonly whom: Whom; readonly upToMs: number }
  /** The connections break. */
  | { readonly is: "resets"; readonly whom: Whom; readonly everyMs: number }
  /** The kubelets of the first so many nodes are not heard of. */
  | { readonly is: "lostNodes"; readonly count: number }
  /** The operators' role does not allow a resource. */
  | LostRight;

export interface Episode {
  readonly atMs: number;
  readonly untilMs: number;
  readonly trouble: Trouble;
}

/** The end of an operator, and its next beginning. */
export interface Death {
  readonly atMs: number;
  readonly whom: Which;
  /** At once; or at its next write of this kind, which is carried out (after) or not (before); or as SIGTERM does. */
  readonly how:
    | { readonly is: "kill" }
    | { readonly is: "killAtWrite"; readonly write: string; readonly cut: "before" | "after" }
    | { readonly is: "stop" };
  /** How long after its end the next one starts. */
  readonly restartMs: number;
}

/** The right to a resource that the operators have lost. */
export interface LostRight {
  readonly is: "lostRight";
  readonly resource: ResourceName | UncachedResourceName;
  /** Whether they may still change what they cannot read. */
  readonly of: "reading" | "everything";
}
