// Streams of HTTP/2 that nobody listens to, and what becomes of their errors.
import { channel } from "node:diagnostics_channel";
import type { ClientHttp2Stream } from "node:http2";

const CREATED = channel("http2.client.stream.created");

/**
 * Keeps an error of a connection from ending the process by way of a stream that nobody knows. When a request is given
 * up at the moment at which its answer begins, Node (24's `onSessionHeaders`) makes a second stream for that answer;
 * undici does not hear of it, and whatever ends the connection later is an 'error' event of it without a listener.
 * Those who listen to a stream hear its errors as before. May be called more than once.
 */
export function ignoreOrphanStreams(): void {
  CREATED.unsubscribe(listen);
  CREATED.subscribe(listen);
}

function listen(message: unknown): void {
  const { stream } = message as { readonly stream: ClientHttp2Stream };
  stream.on("error", () => {});
}
