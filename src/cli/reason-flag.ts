// The --reason of a person. Everybody who can read the object that records it reads it.
import { withoutSecrets } from "../domain/masking/secret-patterns.ts";
import { plainText } from "../domain/plain-text.ts";

/** Characters. */
export const LONGEST_REASON = 1_000;

/** The reason as it is recorded: plain and without secrets. Undefined when it is empty or too long. */
export function recordedReason(text: string): string | undefined {
  const reason = withoutSecrets(plainText(text).trim());
  return reason === "" || reason.length > LONGEST_REASON ? undefined : reason;
}
