// Durations as users write them: "15s", "5m", "1h30m", as in Go.

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const FORM = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

/** Milliseconds of a duration such as "1h30m", or undefined when the text is not one. */
export function parseDuration(text: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)/g)) {
    totalMs += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return Number.isFinite(totalMs) ? Math.round(totalMs) : undefined;
}
