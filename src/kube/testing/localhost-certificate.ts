// The certificate of servers in tests, for localhost and 127.0.0.1: self-signed, its own authority, and not secret.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const fixture = (name: string) => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");

/** In PEM. */
export const LOCALHOST_CERTIFICATE = fixture("localhost-certificate.pem");
export const LOCALHOST_KEY = fixture("localhost-key.pem");
