// An API client that writes only while it is allowed to: the one place where an instance that does not lead is held back.
import type { Clock } from "../clock.ts";
import type { ApiClient, WriteOptions } from "./api-client.ts";
import { NotLeadingError } from "./api-error.ts";

export interface WriteGate {
  /** For how many ms of the clock, from now, nobody else can be acting; 0: this instance must not act. */
  leftMs(): number;
}

/**
 * The client with every write behind the gate. It is asked at the last moment before a request goes out, so a process
 * that was stopped in between sends nothing; and a request that is under way is given up when the time is over.
 * Writes reject with NotLeadingError when nothing was sent. Reads pass.
 */
export function createGatedClient(
  client: ApiClient,
  { gate, clock }: { readonly gate: WriteGate; readonly clock: Clock },
): ApiClient {
  const beforeSending = () => {
    if (gate.leftMs() <= 0) throw new NotLeadingError("not the leader: the request was not sent");
  };

  async function whileAllowed<T>(
    given: WriteOptions | undefined,
    write: (options: WriteOptions) => Promise<T>,
  ): Promise<T> {
    beforeSending();
    const ending = new AbortController();
    const cancel = clock.after(gate.leftMs(), () => {
      ending.abort(new DOMException("the leadership has expired", "TimeoutError"));
    });
    const signal = given?.signal ? AbortSignal.any([given.signal, ending.signal]) : ending.signal;
    try {
      return await write({ ...given, signal, beforeSending });
    } finally {
      cancel();
    }
  }

  return {
    ...client,
    create: (path, body, given) => whileAllowed(given, (options) => client.create(path, body, options)),
    replace: (path, body, given) => whileAllowed(given, (options) => client.replace(path, body, options)),
    jsonPatch: (path, operations, given) =>
      whileAllowed(given, (options) => client.jsonPatch(path, operations, options)),
    remove: (path, given) => whileAllowed(given, (options) => client.remove(path, { ...given, ...options })),
  };
}
