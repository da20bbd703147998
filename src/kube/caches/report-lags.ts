// How late the kubelet of each node has told things lately. A node that is drowned in work reports a pod's readiness
// half a minute after it came; what it has not told is no evidence for so long.

/** For so long a late report says something about the next ones. */
const LATELY_MS = 120_000;
/** Whoever is later than that is not waited for any longer. */
const LONGEST_MS = 120_000;
/** Reports are sent in turns, and both clocks count whole seconds: less than this is ordinary. */
const ORDINARY_MS = 5_000;

interface LateReport {
  readonly lagMs: number;
  readonly at: number;
}

export class ReportLags {
  readonly #late = new Map<string, LateReport>();

  /** A report of the node's kubelet was under way for so long, as seen at `at` (epoch ms). */
  note(node: string, lagMs: number, at: number): void {
    if (lagMs <= ORDINARY_MS || lagMs < this.of(node, at)) return;
    this.#late.set(node, { lagMs: Math.min(lagMs, LONGEST_MS), at });
  }

  /** The longest of the last two minutes; 0 when all came in time. */
  of(node: string, at: number): number {
    const late = this.#late.get(node);
    if (late === undefined) return 0;
    if (at - late.at <= LATELY_MS) return late.lagMs;
    this.#late.delete(node);
    return 0;
  }
}
