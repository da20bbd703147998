// Annotations in manifests that lint rules read.
import type { Manifest } from "./manifest.ts";

/** The words of an annotation, which are separated by commas or blanks. */
export function listOf({ annotations }: Manifest, annotation: string): readonly string[] {
  return (annotations[annotation] ?? "").split(/[\s,]+/).filter(Boolean);
}

export const CALLERS = "rolloutguard.io/callers";
