// The certificate for TLS: made for tests, for localhost and 127.0.0.1, self-signed, and not secret.
import { readFileSync } from "node:fs";

/** In PEM. The certificate is its own authority. */
export function certificate(): { readonly cert: string; readonly key: string } {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
  return { cert: read("localhost-certificate.pem"), key: read("localhost-key.pem") };
}
