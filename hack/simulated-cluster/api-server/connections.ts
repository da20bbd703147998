// The connections of a server: HTTP/1.1 and HTTP/2 break in different ways.
import type { ServerResponse } from "node:http";

/** Breaks the connection at once, as a lost network does; with HTTP/2 everything that runs on it. */
export function breakConnection(response: ServerResponse): void {
  response.destroy();
}
