// Functions that JavaScript does not have. Pure.

/** Coefficients of Lanczos' approximation with g = 7 and n = 9 (P. Godfrey); 15 digits. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const G = 7;

/** The logarithm of Γ(x), for x ≥ 1. */
export function lnGamma(x: number): number {
  const base = x - 1;
  const series = LANCZOS.slice(1).reduce(
    (sum, coefficient, index) => sum + coefficient / (base + index + 1),
    LANCZOS[0] ?? 0,
  );
  const t = base + G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (base + 0.5) * Math.log(t) - t + Math.log(series);
}

/** The logarithm of the number of ways to choose `some` of `all`; 0 ≤ some ≤ all. */
export function lnChoose(all: number, some: number): number {
  if (some < 0 || some > all) return Number.NEGATIVE_INFINITY;
  return lnGamma(all + 1) - lnGamma(some + 1) - lnGamma(all - some + 1);
}

/** erfc(x) with a relative error below 1.2e-7 everywhere (Numerical Recipes, 6.2). */
export function complementaryError(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const polynomial = CHEBYSHEV.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? tail : 2 - tail;
}

const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];
