// What others wrote about pods, without the values that those pods get and without what looks like a secret.
import { withoutLoggedSecrets } from "../../domain/masking/log-secret-patterns.ts";
import { withoutSecrets } from "../../domain/masking/secret-patterns.ts";
import { plainText } from "../../domain/plain-text.ts";
import { boundedText } from "../bounded-text.ts";
import { type Fingerprint, withoutValues } from "./fingerprints.ts";
import { fingerprintsOfPod } from "./pod-fingerprints.ts";

/** Who wrote a text: Kubernetes quotes little, an application can write anything. */
export type Writer = "kubernetes" | "application";

/** A text as it may be shown: bounded, plain, and without secrets. */
export type Masking = (text: string, writer?: Writer) => string;

/** More than the kubelet keeps of the last messages of a pod. What comes after it is not read. */
const MOST_PER_OBJECT = 16 * 1_024;
/** What is read of one text: at each of its ends several times what is kept. */
const READ_OF_TEXT = 4 * 1_024;

/** Masks the texts about the pods of this template, or about this pod. The fingerprints are made at the first text. */
export function maskingFor({
  metadata,
  spec,
}: {
  readonly metadata?: unknown;
  readonly spec?: unknown;
}): Masking {
  let fingerprints: readonly Fingerprint[] | undefined;
  let left = MOST_PER_OBJECT;
  return (text, writer) => {
    if (text === "") return text;
    if (left <= 0) return "…";
    left -= Math.min(text.length, READ_OF_TEXT);
    fingerprints ??= fingerprintsOfPod(metadata, spec);
    return masked(text, fingerprints, writer);
  };
}

/**
 * The text as it may be shown, without the values with these fingerprints. Nothing that is cut away is looked at: a text of any length
 * takes no more time than one of a few KB.
 */
export function masked(text: string, fingerprints: readonly Fingerprint[], writer?: Writer): string {
  return boundedText(text, (part) => withoutValuesAndSecrets(part, fingerprints, writer));
}

function withoutValuesAndSecrets(
  text: string,
  fingerprints: readonly Fingerprint[],
  writer?: Writer,
): string {
  // The values first: of a URL a pattern would leave a part. Then what colours and characters without width have torn apart.
  const withoutWhole = withoutValues(text, fingerprints);
  const plain = plainText(withoutWhole);
  const hidden = plain === withoutWhole ? plain : withoutValues(plain, fingerprints);
  return writer === "application" ? withoutLoggedSecrets(hidden) : withoutSecrets(hidden);
}
