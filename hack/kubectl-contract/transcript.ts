// A transcript: what kubectl answered to all cases on one cluster, as text that people and the comparison can read.
import { fileURLToPath } from "node:url";
import type { CaseAnswers } from "./run-case.ts";

/** The file with what a real cluster answered. */
export const REAL_TRANSCRIPT = fileURLToPath(new URL("real-cluster.transcript", import.meta.url));

export interface Transcript {
  /** Versions such as v1.36.2. */
  readonly kubernetes: string;
  readonly kubectl: string;
  readonly cases: readonly CaseAnswers[];
}

/** The transcript as text. */
export function transcriptText({ kubernetes, kubectl, cases }: Transcript): string {
  const head = `Kubernetes ${kubernetes}\nkubectl ${kubectl}\n`;
  const body = cases.map(({ name, answers }) => {
    const blocks = answers.map(({ command, output, exitCode }) => {
      const lines = [`$ ${command}`, ...output.map((line) => `  ${line}`.trimEnd()), `= ${exitCode}`];
      return lines.join("\n");
    });
    return `## ${name}\n${blocks.join("\n")}\n`;
  });
  return [head, ...body].join("\n");
}

/** Reads the text back. Throws when it is no transcript. */
export function parseTranscript(text: string): Transcript {
  const [head = "", ...sections] = text.split(/^## /m);
  const [, kubernetes, kubectl] = /^Kubernetes (\S+)\nkubectl (\S+)\n/.exec(head) ?? [];
  if (kubernetes === undefined || kubectl === undefined) throw new Error("This is no transcript of kubectl.");
  const cases = sections.map((section) => {
    const [name = "", ...blocks] = section.split(/^\$ /m);
    return { name: name.trim(), answers: blocks.map(parseAnswer) };
  });
  return { kubernetes, kubectl, cases };
}

function parseAnswer(block: string): CaseAnswers["answers"][number] {
  const [command = "", ...lines] = block.trimEnd().split("\n");
  const last = lines.pop() ?? "";
  if (!last.startsWith("= ")) throw new Error(`The answer to "${command}" has no exit code.`);
  return { command, output: lines.map((line) => line.slice(2)), exitCode: Number(last.slice(2)) };
}
