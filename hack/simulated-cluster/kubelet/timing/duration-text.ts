// A duration as Go writes one.

/** Of whole milliseconds: "845ms", "1.2s", "1m20s", "11m0.5s", "1h0m0s". */
export function durationText(durationMs: number): string {
  if (durationMs === 0) return "0s";
  if (durationMs < 1_000) return `${durationMs}ms`;
  const minutes = Math.floor(durationMs / 60_000);
  const seconds = `${(durationMs % 60_000) / 1_000}s`;
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}
