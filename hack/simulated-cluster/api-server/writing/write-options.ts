// How a client wants a write to be done.
import type { FieldOwner, Writer } from "./fields/field-owners.ts";

export interface WriteOptions {
  readonly isDryRun?: boolean | undefined;
  /** What to do with fields that the schema does not know. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict" | undefined;
  /** Receives warnings for the client. */
  readonly warn?: ((warning: string) => void) | undefined;
  /** Who writes over HTTP. Undefined for the simulated controllers and kubelets, whose objects are taken as they are. */
  readonly client?: Writer | undefined;
  /** The name under which a write in process is recorded. Default: that of the component that usually writes it. */
  readonly component?: string | undefined;
  /** Who owns what afterwards, when that is known already, as for server-side apply. */
  readonly owners?: readonly FieldOwner[] | undefined;
  /** The patch of which the object was made, for messages. */
  readonly patch?: string | undefined;
}
