// The certificate of the server: from files that are read again, as they are replaced in a mounted Secret, or self-signed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext } from "node:tls";

/** In PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** As in a Secret of type kubernetes.io/tls. */
const CERTIFICATE_FILE = "tls.crt";
const KEY_FILE = "tls.key";

/**
 * Reads the certificate of the folder each time that it is asked for, and gives back the same object as long as the files say the
 * same. One that cannot be used is reported once, and the one before stays. Throws when there is none at the beginning.
 */
export function certificateFrom(folder: string, onProblem: (message: string) => void): () => Certificate {
  let present = read(folder);
  createSecureContext(present);
  let refused = "";
  return () => {
    try {
      const next = read(folder);
      if (isSame(next, present)) return present;
      createSecureContext(next);
      present = next;
      refused = "";
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== refused)
        onProblem(`cannot use the certificate in ${folder}; keeping the previous one: ${why}`);
      refused = why;
    }
    return present;
  };
}

function read(folder: string): Certificate {
  return {
    cert: readFileSync(join(folder, CERTIFICATE_FILE), "utf8"),
    key: readFileSync(join(folder, KEY_FILE), "utf8"),
  };
}

function isSame(one: Certificate, other: Certificate): boolean {
  return one.cert === other.cert && one.key === other.key;
}
