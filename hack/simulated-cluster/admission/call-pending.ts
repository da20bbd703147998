// A call of a controller that the API server has not answered yet.

/** Thrown instead of an answer that comes later; whoever calls makes the same call again then. */
export class CallPending extends Error {
  /** How long the answer still takes (ms of the cluster). */
  readonly remainingMs: number;

  constructor(remainingMs: number) {
    super(`The API server answers in ${remainingMs} ms.`);
    this.remainingMs = remainingMs;
  }
}
