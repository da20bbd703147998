// The cases of the contract, read from cases/*.yaml: kubectl commands as a user types them, and how to compare answers.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";

/** How two answers are held against each other. */
const COMPARISONS = [
  /** Line by line. */
  "whole",
  /** As sets of lines: where names with hashes decide about the order. */
  "sorted",
  /** The last line only: where what comes before depends on how fast the cluster is. */
  "last-line",
  /** Only whether it worked. */
  "exit-code",
] as const;

const Step = z.union([
  z.string(),
  z.strictObject({
    run: z.string(),
    compare: z.enum(COMPARISONS).default("whole"),
    /** Keeps only lines that match: where a real cluster has more than the simulated one means to have. */
    keep: z.string().optional(),
    /** Commands to give while this one runs; it is ended after so many lines of output. */
    meanwhile: z.array(z.string()).optional(),
    lines: z.int().positive().optional(),
    /** Why the simulated cluster answers differently, and may. */
    differs: z.string().optional(),
  }),
]);

const Case = z.strictObject({
  title: z.string(),
  /** Runs when no other case does: for what is seen in the whole cluster. */
  alone: z.boolean().default(false),
  commands: z.array(Step).min(1),
});

export interface ContractCommand {
  readonly run: string;
  readonly compare: (typeof COMPARISONS)[number];
  readonly keep?: string | undefined;
  readonly meanwhile?: readonly string[] | undefined;
  readonly lines?: number | undefined;
  readonly differs?: string | undefined;
}

export interface ContractCase {
  /** The file's name; also names the case's namespace. */
  readonly name: string;
  readonly title: string;
  readonly alone: boolean;
  readonly commands: readonly ContractCommand[];
}

/** Where the commands run: `-f web.yaml` is a file in it. */
export const MANIFESTS = fileURLToPath(new URL("manifests", import.meta.url));
const CASES = fileURLToPath(new URL("cases/", import.meta.url));

/** All cases, by name. Throws when a file is no case. */
export function contractCases(): readonly ContractCase[] {
  const files = readdirSync(CASES).filter((file) => file.endsWith(".yaml"));
  return files.sort().map((file) => {
    const { title, alone, commands } = Case.parse(parse(readFileSync(`${CASES}${file}`, "utf8")));
    const steps = commands.map(
      (step): ContractCommand => (typeof step === "string" ? { run: step, compare: "whole" } : step),
    );
    return { name: basename(file, ".yaml"), title, alone, commands: steps };
  });
}
