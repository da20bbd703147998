// The container of a finding that cannot be started. Pure.
import { type Case, textOfFinding } from "./cause.ts";
import { podsOf } from "./failing-probe.ts";

/** The name of the container that waits for more than its turn. */
export function waitingContainer(of: Case): string | undefined {
  for (const { containers } of podsOf(of)) {
    const waiting = containers.find(
      ({ state }) =>
        state.is === "waiting" && state.reason !== "PodInitializing" && state.reason !== "ContainerCreating",
    );
    if (waiting) return waiting.name;
  }
  return /\bcontainer ([a-z0-9][-a-z0-9]*):/.exec(textOfFinding(of))?.[1];
}
