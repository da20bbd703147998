// Faults on demand: what a real API server and a real network can do to a request.
import type { ApiRequest } from "./api-request.ts";

/** What happens to a request instead of, or before, the usual. */
export type Intervention =
  /** Answers at once; nothing is carried out. */
  | {
      readonly answer: {
        readonly code: number;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      };
    }
  /** Waits (ms of the cluster), then goes on as usual. */
  | { readonly delayMs: number }
  /** Closes the connection: before anything is done, or after the write, so that only its answer is lost. */
  | { readonly cut: "before" | "after" };

export type RequestHandler = (
  request: ApiRequest,
) => Intervention | undefined | Promise<Intervention | undefined>;

/** The handlers of a test, asked in turn; the first one that intervenes decides. */
export class Faults {
  readonly #handlers = new Set<RequestHandler>();

  /** Returns a function that removes the handler. */
  add(handler: RequestHandler): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  async interventionFor(request: ApiRequest): Promise<Intervention | undefined> {
    for (const handler of this.#handlers) {
      const intervention = await handler(request);
      if (intervention !== undefined) return intervention;
    }
    return undefined;
  }
}
