// How a client wants a write to be done.

export interface WriteOptions {
  readonly isDryRun?: boolean | undefined;
  /** What to do with fields that the schema does not know. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict" | undefined;
  /** Receives warnings for the client. */
  readonly warn?: ((warning: string) => void) | undefined;
}
