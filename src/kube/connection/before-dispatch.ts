// A question that is asked when a request is about to be written to its socket, and not when it joins the queue for one.
import type { Dispatcher } from "undici";

/** The dispatcher, with `ask` before each request of it goes out. When it throws, the request fails with that, unsent. */
export function beforeDispatch(dispatcher: Dispatcher, ask: (() => void) | undefined): Dispatcher {
  if (ask === undefined) return dispatcher;
  return dispatcher.compose(
    (dispatch) => (options, handler) => dispatch(options, new CheckingHandler(handler, ask)),
  );
}

/** Passes everything on to the handler that it stands before. */
class CheckingHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Dispatcher.DispatchHandler;
  readonly #ask: () => void;

  constructor(handler: Dispatcher.DispatchHandler, ask: () => void) {
    this.#handler = handler;
    this.#ask = ask;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#ask();
    this.#handler.onRequestStart?.(controller, context);
  }

  onResponseStart(...head: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>): void {
    this.#handler.onResponseStart?.(...head);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler.onResponseData?.(controller, chunk);
  }

  onResponseEnd(...end: Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseEnd"]>>): void {
    this.#handler.onResponseEnd?.(...end);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#handler.onResponseError?.(controller, error);
  }
}
