// What cannot be read: which guards need it, and which decisions rest on it. Pure.
import type { Ground } from "../snapshot/ground.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Need, UnreadResource } from "../snapshot/unread.ts";

/** What the guard needs and RolloutGuard cannot read. A guard without Services needs no endpoints. */
export function unreadOf({ surroundings, services, guard }: Snapshot): readonly UnreadResource[] {
  const named = "valid" in guard.spec ? (guard.spec.valid.services ?? []) : [];
  const hasServices = services.length + named.length > 0;
  return (surroundings.unread ?? []).filter(({ need }) => need !== "endpoints" || hasServices);
}

/** Whether something that cannot be read would decide: the grounds, or what every decision rests on. */
export function restsOnUnread(snapshot: Snapshot, grounds: readonly Ground[]): boolean {
  return unreadOf(snapshot).some(({ need }) => isNeededFor(grounds, need));
}

/** Whether nobody can know at the moment that there is no workload. */
export function isWorkloadUnread({ surroundings }: Snapshot): boolean {
  return (surroundings.unread ?? []).some(({ need }) => need === "workload");
}

/** Whether a decision that rests on the grounds needs it; every one needs the workload and RolloutGuard's own records. */
export function isNeededFor(grounds: readonly Ground[], need: Need): boolean {
  return need === "workload" || need === "records" || grounds.includes(need);
}

/** What the guard cannot do its work without, for its Ready condition; undefined when nothing is missing. */
export function unreadSentence(snapshot: Snapshot): string | undefined {
  const unread = unreadOf(snapshot);
  return unread.length === 0 ? undefined : cannotRead(unread);
}

/** What a guard that needs them says in its Ready condition. */
export function cannotRead(unread: readonly UnreadResource[]): string {
  const names = unread.map(({ resource }) => resource).join(", ");
  const why = [...new Set(unread.map((one) => one.why))].join(" ");
  return `RolloutGuard cannot read ${names} and makes no decision that depends on it. ${why}`;
}
