// Where the rollout that is waited for stands: still going, or over, and how.
import type { ExitCode } from "../../exit-codes.ts";

/** Where it stands. */
export type Standing =
  | {
      readonly is: "going";
      /** What is waited for, in words that change only when something has happened. */
      readonly says: string;
      /** The same in fewer words, for narrow terminals: the reason stays. */
      readonly short?: string | undefined;
      /** How far that is, for whoever looks on. */
      readonly ticks?: string | undefined;
      /** When to look again though nothing changes (epoch ms). */
      readonly lookAt?: number | undefined;
    }
  | Ended;

export interface Ended {
  readonly is: "ended";
  readonly exitCode: ExitCode;
  /** The first is the verdict. */
  readonly lines: readonly string[];
  /** The Incident that tells the rest. */
  readonly incident?: string | undefined;
}

export function ended(exitCode: ExitCode, ...lines: readonly string[]): Ended {
  return { is: "ended", exitCode, lines };
}
