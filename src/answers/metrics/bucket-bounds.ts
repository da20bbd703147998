// Bounds of a histogram's buckets: how clients write one, and which unit it has.

/** The unit of the histogram's durations (ms): a second, unless its name says something else. */
export function unitMsOf(histogram: string): number {
  const name = /[\w:]+/.exec(histogram)?.[0] ?? "";
  if (/_(?:ms|millis|milliseconds)$/.test(name)) return 1;
  return /_(?:us|micros|microseconds)$/.test(name) ? 0.001 : 1_000;
}

/** Every way in which clients write the number in the label le: Go "1", Python and Java "1.0", large ones "1e+06" or "1.0E6". */
export function writtenBounds(bound: number): readonly string[] {
  const plain = String(bound);
  const [mantissa = "", exponent = ""] = bound.toExponential().split("e");
  const power = Number(exponent);
  const sign = power < 0 ? "-" : "+";
  const decimal = mantissa.includes(".") ? mantissa : `${mantissa}.0`;
  return [
    plain,
    ...(Number.isInteger(bound) ? [`${plain}.0`] : []),
    `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, "0")}`,
    `${decimal}E${power}`,
  ];
}

export const INFINITE = "+Inf";

/** A regular expression for the bound and the infinite one. */
export function boundPattern(bound: number): string {
  return [...writtenBounds(bound), INFINITE].map((text) => text.replace(/[.+]/g, "[$&]")).join("|");
}

/** Durations of the bounds as people write them, in order: "0.1s, 0.5s, 2.5s". */
export function boundsText(bounds: readonly string[], unitMs: number): string {
  const numbers = bounds.map(Number).filter(Number.isFinite);
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  return sorted.map((bound) => durationText(bound * unitMs)).join(", ");
}

function durationText(ms: number): string {
  return ms < 1_000 ? `${Number(ms.toPrecision(6))}ms` : `${Number((ms / 1_000).toPrecision(6))}s`;
}
