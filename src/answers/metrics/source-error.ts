// Why a metric source gave no answer. A guard's users read the message: it has no address, no credential, and nothing of what
// the source wrote.

export type SourceFailure =
  | "unreachable"
  | "timeout"
  | "tls"
  | "unauthorized"
  | "status"
  | "partial"
  | "tooLarge"
  /** It has failed too often just now. */
  | "notAsked";

/** What the failure is about, beside the source itself. */
interface SourceErrorOptions {
  /** The source rejects this query, and can answer others. */
  readonly rejectsQuery?: boolean | undefined;
  /** The source cannot parse the query. */
  readonly isBadQuery?: boolean | undefined;
}

export class SourceError extends Error {
  readonly failure: SourceFailure;
  readonly rejectsQuery: boolean;
  readonly isBadQuery: boolean;

  constructor(
    failure: SourceFailure,
    message: string,
    { rejectsQuery = false, isBadQuery = false }: SourceErrorOptions = {},
  ) {
    super(message);
    this.failure = failure;
    this.rejectsQuery = rejectsQuery;
    this.isBadQuery = isBadQuery;
  }
}
