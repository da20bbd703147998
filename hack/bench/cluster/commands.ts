// What the bench asks of the process in which the simulated cluster runs, and what it answers. Plain JSON.
import type { SceneSize } from "../scene/scene-plan.ts";

/** What the cluster holds once the scene is built. */
export interface SceneFacts {
  readonly kubeconfig: string;
  readonly url: string;
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
  /** Requests other than watches, by "verb resource". */
  readonly requests: Readonly<Record<string, number>>;
  /** Answers other than 2xx, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  readonly sockets: number;
  readonly peakSockets: number;
  readonly watches: number;
  /** Guards in whose status there is a phase. */
  readonly guardsWithStatus: number;
}

/** Each command with its argument and its answer. */
export interface Commands {
  /** Makes all objects of the scene, settled. Once. */
  readonly build: { readonly argument: SceneSize; readonly answer: SceneFacts };
  /** Changes that many pods a second from now on; 0 ends it. Answers how many were changed since the last call. */
  readonly load: {
    readonly argument: { readonly perSecond: number };
    readonly answer: { readonly changes: number };
  };
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
