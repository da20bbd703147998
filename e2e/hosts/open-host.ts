// Opens the cluster that the command line names.
import { openExistingHost } from "./existing.ts";
import type { Host, HostName, HostOptions } from "./host.ts";
import { openKindHost } from "./kind.ts";
import { openLocalHost } from "./local.ts";

/** Opens the cluster. Rejects with what is missing and what to do. */
export function openHost(name: HostName, options: HostOptions): Promise<Host> {
  switch (name) {
    case "local":
      return openLocalHost(options);
    case "kind":
      return openKindHost(options);
    case "existing":
      return openExistingHost(options);
  }
}
