// Reads the metrics over TLS, as a Prometheus does that takes a self-signed certificate.
import { get } from "node:https";
import { text } from "node:stream/consumers";

/** What the operator answers to the holder of that token. */
export function readSecurely(url: string, token?: string): Promise<{ status?: number; body: string }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, rejectUnauthorized: false, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.on("error", reject);
  });
}
