// What the bench asks of the process in which the simulated cluster runs, and what it answers. Plain JSON.
import type { SceneSize } from "../scene/scene-plan.ts";

/** What the cluster holds once the scene is built. */
export interface SceneFacts {
  readonly kubeconfig: string;
  /** How the operator talks to it: "HTTP/1.1" or "HTTP/2 over TLS". */
  readonly transport: string;
  /** Number of objects and mean size of one as JSON (bytes), by resource. */
  readonly objects: Readonly<Record<string, { readonly count: number; readonly meanBytes: number }>>;
  readonly guardedPods: number;
  /** Pods in namespaces in which there is no guard. */
  readonly podsBesideGuards: number;
  readonly buildSeconds: number;
}

/** What the cluster saw of the operator since the last reset. */
export interface OperatorTraffic {
  /** Epoch ms of its very first request; undefined before that. */
  readonly firstRequestAt?: number | undefined;
  /** Epoch ms of its last request other than a watch. */
  readonly lastRequestAt?: number | undefined;
  /** Requests other than watches, by "verb resource"; lists of the whole cluster apart from others. */
  readonly requests: Readonly<Record<string, number>>;
  /** Answers other than 2xx, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly sockets: number;
  readonly peakSockets: number;
  readonly watches: number;
  /** Guards in whose status there is a phase. */
  readonly guardsWithStatus: number;
}

/** How a number of bad rollouts stands. */
export interface RolloutsOutcome {
  readonly begun: number;
  /** So far that only the decisive event is missing. */
  readonly armed: number;
  readonly decided: number;
  readonly patched: number;
  /** PATCH requests to their Deployments; more than `patched` means that some were sent again. */
  readonly patches: number;
  /** Rolled back before the decisive event: then the operator decided by something else than what is measured. */
  readonly early: number;
  /** From writing the decisive watch event until the PATCH was read in full, for each that was patched. */
  readonly latenciesMs: readonly number[];
  readonly firstDecisionToLastPatchMs?: number;
  /** How many Incidents name each reason, and in which phase they are. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly phases: Readonly<Record<string, number>>;
}

/** Each command with its argument and its answer. */
export interface Commands {
  /** Makes all objects of the scene, settled. Once. */
  readonly build: {
    readonly argument: { readonly size: SceneSize; readonly isPlain: boolean };
    readonly answer: SceneFacts;
  };
  /** Changes that many pods a second from now on; 0 ends it. Answers how many were changed since the last call. */
  readonly load: {
    readonly argument: { readonly perSecond: number };
    readonly answer: { readonly changes: number };
  };
  /** Releases bad versions, at once (perSecond 0) or at a steady rate; held ones wait for `decide`. */
  readonly rollOut: {
    readonly argument: { readonly count: number; readonly perSecond: number; readonly isHeld: boolean };
    readonly answer: null;
  };
  readonly decide: { readonly argument: null; readonly answer: null };
  readonly outcome: { readonly argument: { readonly reset: boolean }; readonly answer: RolloutsOutcome };
  readonly traffic: { readonly argument: { readonly reset: boolean }; readonly answer: OperatorTraffic };
}

export type CommandName = keyof Commands;

export interface CommandMessage<Name extends CommandName = CommandName> {
  readonly id: number;
  readonly name: Name;
  readonly argument: Commands[Name]["argument"];
}

export type AnswerMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };
