// How pods answered an HTTP check.

export interface HttpSample {
  readonly answers: readonly HttpAnswer[];
}

export interface HttpAnswer {
  readonly pod: string;
  readonly side: "new" | "old";
  readonly class: HttpAnswerClass;
  readonly status?: number | undefined;
  /** From the request to the end of the answer. */
  readonly durationMs?: number | undefined;
  /** In a sentence, where the class does not say all. Never anything of the answer itself. */
  readonly message?: string | undefined;
}

/**
 * ok: as expected; refused, reset, connectTimeout: no connection; timeout: no whole answer in time; tls: no secure connection;
 * status, body: not the expected one; tooLarge: headers beyond the limit; notAllowed: RolloutGuard does not ask there.
 */
export type HttpAnswerClass =
  | "ok"
  | "refused"
  | "reset"
  | "connectTimeout"
  | "timeout"
  | "tls"
  | "status"
  | "body"
  | "tooLarge"
  | "notAllowed";
