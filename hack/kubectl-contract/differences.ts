// Holds the answers of two clusters against each other.

import type { CommandAnswer } from "./answer-to.ts";
import type { ContractCase } from "./contract-case.ts";
import type { CaseAnswers } from "./run-case.ts";

export interface Difference {
  readonly command: string;
  /** Lines: "-" only the first cluster said it, "+" only the second, " " both. Empty when they agree and should not. */
  readonly lines: readonly string[];
}

/**
 * Where the second cluster's answers are not the first one's, but for commands of which it is said why they differ on
 * the simulated cluster. If the second one is that (`isSimulated`), such a command has to differ, so that what is said
 * stays true.
 */
export function differencesIn(
  contractCase: ContractCase,
  expected: CaseAnswers | undefined,
  actual: CaseAnswers,
  isSimulated: boolean,
): readonly Difference[] {
  return contractCase.commands.flatMap(({ run, differs }, i) => {
    const [one, other] = [expected?.answers[i], actual.answers[i]];
    if (one?.command !== run)
      return [{ command: run, lines: ["- (not in the transcript; record it again)"] }];
    const lines = lineDifference(reported(one), reported(other));
    const isSame = lines.every((line) => line.startsWith(" "));
    if (differs !== undefined) {
      return isSame && isSimulated
        ? [{ command: run, lines: [`+ (both agree, though it is said: ${differs})`] }]
        : [];
    }
    return isSame ? [] : [{ command: run, lines }];
  });
}

function reported(answer: CommandAnswer | undefined): readonly string[] {
  return answer === undefined ? [] : [...answer.output, `(exit code ${answer.exitCode})`];
}

/** The shortest way from the one list of lines to the other, by their longest common subsequence. */
export function lineDifference(from: readonly string[], to: readonly string[]): readonly string[] {
  const width = to.length + 1;
  // common[i * width + j]: how many lines from.slice(i) and to.slice(j) have in common.
  const common = new Uint32Array((from.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      lines.push(`  ${from[i]}`);
      i += 1;
      j += 1;
    } else if (j >= to.length || (i < from.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${from[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${to[j]}`);
      j += 1;
    }
  }
  return lines;
}

/** The difference as people read it. */
export function differenceText({ command, lines }: Difference): string {
  return [`$ ${command}`, ...lines].join("\n");
}
