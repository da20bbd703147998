// What others wrote about pods, without the values that those pods get and without what looks like a secret.
import { withoutSecrets } from "../../domain/secret-patterns.ts";
import { type Print, printsOfPod, withoutValues } from "./env-values.ts";

/** A text as it may be shown. */
export type Masking = (text: string) => string;

/** Masks texts about the pods of this template, or about this pod. What must not be seen is looked up at the first text. */
export function maskingFor({
  metadata,
  spec,
}: {
  readonly metadata?: unknown;
  readonly spec?: unknown;
}): Masking {
  let prints: readonly Print[] | undefined;
  return (text) => {
    if (text === "") return text;
    prints ??= printsOfPod(metadata, spec);
    return masked(text, prints);
  };
}

/** The text without the values of these prints. The values first: of a URL a pattern would leave a part. */
export function masked(text: string, prints: readonly Print[]): string {
  return withoutSecrets(withoutValues(text, prints));
}
