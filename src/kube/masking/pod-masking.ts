// What others wrote about pods, without the values that those pods get and without what looks like a secret.
import { withoutSecrets } from "../../domain/masking/secret-patterns.ts";
import { type Fingerprint, withoutValues } from "./fingerprints.ts";
import { fingerprintsOfPod } from "./pod-fingerprints.ts";

/** A text as it may be shown. */
export type Masking = (text: string) => string;

/** Masks texts about the pods of this template, or about this pod. The fingerprints are made at the first text. */
export function maskingFor({
  metadata,
  spec,
}: {
  readonly metadata?: unknown;
  readonly spec?: unknown;
}): Masking {
  let fingerprints: readonly Fingerprint[] | undefined;
  return (text) => {
    if (text === "") return text;
    fingerprints ??= fingerprintsOfPod(metadata, spec);
    return masked(text, fingerprints);
  };
}

/** The text without the values with these fingerprints. The values first: of a URL a pattern would leave a part. */
export function masked(text: string, fingerprints: readonly Fingerprint[]): string {
  return withoutSecrets(withoutValues(text, fingerprints));
}
