// What can go wrong on nodes, as data: which pods it hits, what happens to them, how often or for how long.
import type { Texts } from "../../api-server/kube-object.ts";
import type { PullFailure } from "./pull-failures.ts";
import type { Refusal, RefusalReason } from "./refusal.ts";

/** Which pods: all that is given must be true. Nothing given: every pod. */
export interface PodMatcher {
  readonly node?: string;
  readonly namespace?: string;
  /** Labels that the pod has, among others. */
  readonly labels?: Texts;
  /** How the name of the image begins: one image ("shop:v2"), or all of a registry ("registry.example.com/"). */
  readonly image?: string;
  /** The volume, by its name in the pod. */
  readonly volume?: string;
}

/** What can happen, by its name. */
export interface NodeEffects {
  /** A pull of the image fails. Nodes pull what they do not have, and always with the pull policy Always. */
  readonly pull: PullFailure;
  /** A pull of the image takes that long (ms of the cluster). */
  readonly pullTakesMs: number;
  /** The kubelet refuses the pod, which is Failed from then on: for a usual reason, or for one with its own message. */
  readonly refuse: RefusalReason | Refusal;
  /** This CSI driver has not registered: its inline volumes cannot be mounted, nor can the claim that `on.volume` names. */
  readonly driverMissing: string;
  /** The volume cannot be mounted, for this reason. */
  readonly mountFails: string;
  /** The runtime does not create containers: it still holds their names for an earlier attempt. */
  readonly create: "nameReserved";
}

export type NodeEffectName = keyof NodeEffects;

/** Exactly one of them. */
export type NodeEffect = { [Name in NodeEffectName]: Pick<NodeEffects, Name> }[NodeEffectName];

/** A fault. It ends when it has hit so many `times`, when `forMs` (of the cluster) are over, or by hand. */
export interface NodeFault {
  readonly on?: PodMatcher;
  readonly does: NodeEffect;
  readonly times?: number;
  readonly forMs?: number;
}
