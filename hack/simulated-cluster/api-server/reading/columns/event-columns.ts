// What `kubectl get events` shows: when an Event was last seen comes first, its own name only with `-o wide`.
import type { CoreEvent } from "../../kinds.ts";
import type { KubeObject } from "../../kube-object.ts";
import { ageText, type Cell, type Column } from "./printer-columns.ts";

interface Series {
  readonly count: number;
  readonly lastObservedTime: string;
}

const eventColumn = (name: string, cell: (event: CoreEvent, now: number) => Cell, priority = 0): Column => ({
  name,
  type: "string",
  priority,
  cell: (object: KubeObject, now) => cell(object as CoreEvent, now),
});

const seriesOf = (event: CoreEvent): Series | undefined => event["series"] as Series | undefined;

function lastSeen(event: CoreEvent): string | null {
  return seriesOf(event)?.lastObservedTime ?? event.lastTimestamp ?? firstSeen(event);
}

function firstSeen(event: CoreEvent): string | null {
  return event.firstTimestamp ?? event.eventTime;
}

/** "kubelet, node1": the old field, or what replaced it. */
function sourceOf({ source, reportingComponent, reportingInstance }: CoreEvent): string {
  const component = source.component || reportingComponent;
  const host = source.component ? source.host : reportingInstance;
  return host ? `${component}, ${host}` : component;
}

export const eventColumns: readonly Column[] = [
  eventColumn("Last Seen", (event, now) => ageText(lastSeen(event), now)),
  eventColumn("Type", ({ type }) => type),
  eventColumn("Reason", ({ reason }) => reason),
  eventColumn("Object", ({ involvedObject: { kind, name } }) => `${kind.toLowerCase()}/${name}`),
  eventColumn("Subobject", ({ involvedObject }) => involvedObject.fieldPath ?? "", 1),
  eventColumn("Source", sourceOf, 1),
  eventColumn("Message", ({ message }) => message.trim()),
  eventColumn("First Seen", (event, now) => ageText(firstSeen(event), now), 1),
  eventColumn("Count", (event) => seriesOf(event)?.count ?? (event.count || 1), 1),
  { ...eventColumn("Name", ({ metadata }) => metadata.name, 1), format: "name" },
];
