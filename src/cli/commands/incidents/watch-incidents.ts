// `incidents -w`: each Incident when it is opened, and whenever its phase changes.
import { phaseOf } from "../../../api/incident.ts";
import { ChangeSignal } from "../../cluster/change-signal.ts";
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { followChanges } from "../../follow-changes.ts";
import type { ListRequest } from "../../list-flags.ts";
import type { Terminal } from "../../terminal.ts";
import { concernsIncident, type ReadIncident, readIncidents } from "./read-incidents.ts";

/** Resolves when the command is interrupted; rejects when Incidents cannot be read. */
export async function watchIncidents(
  access: ClusterAccess,
  namespace: string | undefined,
  { name, selector }: ListRequest,
  terminal: Pick<Terminal, "interrupted">,
  show: (incidents: readonly ReadIncident[], isFirst: boolean) => Promise<void>,
): Promise<void> {
  const { Reflector } = await import("../../../kube/reflector/reflector.ts");
  const { client, clock } = access;
  const signal = new ChangeSignal(clock);
  const reflector = new Reflector({
    client,
    clock,
    resource: "incidents",
    namespace,
    // It is read again as a list is: what matters is that something has changed.
    sink: {
      apply: () => signal.give(),
      beginReplace: () => ({ add: () => {}, commit: () => signal.give(), abandon: () => {} }),
    },
  });
  let isFirst = true;
  reflector.start();
  try {
    await followChanges<ReadIncident>(
      {
        read: async () => {
          const { incidents } = await readIncidents(client, namespace, () => clock.now(), selector);
          return name === undefined
            ? incidents
            : incidents.filter(({ view }) => concernsIncident(view, name));
        },
        changed: () => signal.wait(),
        keyOf: ({ namespace: of, view }) => `${of}/${view.name}`,
        stateOf: ({ view }) => `${phaseOf(view)} ${view.status?.endedAt}`,
        show: async (incidents, isChanged) => {
          await show(incidents.filter(isChanged), isFirst);
          isFirst = false;
        },
      },
      terminal.interrupted(),
    );
  } finally {
    await reflector.stop();
  }
}
