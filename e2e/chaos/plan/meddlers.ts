// Who else changes an application's Deployment, of its own accord and again and again. Pure.
import type { Dice } from "./dice.ts";

export type Meddler =
  /** A GitOps engine that puts back what people shipped last, so long after somebody else has changed it. */
  | { readonly is: "reapplies"; readonly afterMs: number }
  /** Admission that adds an annotation to the pod template at every update, from then on (ms after the beginning). */
  | { readonly is: "annotates"; readonly fromMs: number }
  /** Admission that adds a container, to the pod template at every update or to each pod, from then on. */
  | { readonly is: "injects"; readonly into: "templates" | "pods"; readonly fromMs: number };

/** The annotation that admission adds to a pod template. */
export const ADMITTED_ANNOTATION = "policy.example.com/reviewed";
/** The name of a container that admission adds. */
export const ADMITTED_CONTAINER = "admitted";

/** Most applications are left alone. */
export function planMeddler(dice: Dice, endMs: number): Meddler | undefined {
  if (dice.happens(0.75)) return undefined;
  // At once, in the middle of the rollback, or when it is complete.
  if (dice.happens(0.5)) return { is: "reapplies", afterMs: dice.happens(0.3) ? 0 : dice.between(0, 60_000) };
  return { is: "annotates", fromMs: dice.between(0, endMs) };
}

/** Some of those that nobody else meddles with. */
export function planInjection(dice: Dice, endMs: number): Meddler | undefined {
  if (dice.happens(0.9)) return undefined;
  return { is: "injects", into: dice.oneOf(["templates", "pods"] as const), fromMs: dice.between(0, endMs) };
}
