// Instants and spans as people read them.
import { formatDuration } from "../../api/duration.ts";

const DAY_MS = 86_400_000;

/** "14:05:03 UTC", with the day where it is not that of `now`. */
export function momentText(at: number, now: number): string {
  const text = new Date(at).toISOString();
  const time = `${text.slice(11, 19)} UTC`;
  return text.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
    ? time
    : `${text.slice(0, 10)} ${time}`;
}

/** How long ago, in one unit or two, as kubectl tells ages: "45s", "12m", "3h20m", "5d". */
export function ageText(at: number, now: number): string {
  const ageMs = Math.max(0, now - at);
  if (ageMs >= 2 * DAY_MS) return `${Math.floor(ageMs / DAY_MS)}d`;
  if (ageMs >= 10 * 3_600_000) return `${Math.floor(ageMs / 3_600_000)}h`;
  if (ageMs >= 10 * 60_000) return formatDuration(Math.floor(ageMs / 60_000) * 60_000);
  return secondsText(ageMs);
}

/** To the second: "under 1s", "1m30s". */
export function spanText(durationMs: number): string {
  return durationMs < 1_000 ? "under 1s" : secondsText(durationMs);
}

function secondsText(durationMs: number): string {
  return formatDuration(Math.floor(durationMs / 1_000) * 1_000);
}
