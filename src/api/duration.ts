// Durations as users write them: "15s", "5m", "1h30m". Days are not accepted, as in Go and Kubernetes.

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** The form of a duration, RE2-compatible; also the `pattern` in the CRDs. */
export const DURATION_PATTERN = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

const FORM = new RegExp(DURATION_PATTERN);

/** Milliseconds of a duration such as "1h30m", or undefined when the text is not one. */
export function parseDuration(text: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)/g)) {
    totalMs += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return Number.isFinite(totalMs) ? Math.round(totalMs) : undefined;
}

/** Milliseconds of a duration that the schema has accepted. Throws RangeError when it is none all the same. */
export function millisecondsOf(duration: string): number {
  const durationMs = parseDuration(duration);
  if (durationMs === undefined) throw new RangeError(`not a duration: ${duration}`);
  return durationMs;
}

/** The shortest usual way to write a duration, to the second: 90_000 is "1m30s"; below a second "850ms". */
export function formatDuration(durationMs: number): string {
  if (durationMs > 0 && durationMs < 1_000) return `${Math.round(durationMs)}ms`;
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = seconds % 60;
  const text = `${hours ? `${hours}h` : ""}${minutes ? `${minutes}m` : ""}${rest ? `${rest}s` : ""}`;
  return text || "0s";
}
