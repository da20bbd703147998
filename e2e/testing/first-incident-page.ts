// docs/getting-started/first-incident.md as data: its commands, and what it shows of the Incidents.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export const GETTING_STARTED = join(import.meta.dirname, "../../docs/getting-started");

/** The namespace of the page. */
export const PAGE_NAMESPACE = "shop";

/** A line of `kubectl get incidents`. */
export interface IncidentRow {
  readonly name: string;
  readonly phase: string;
  readonly reason: string;
  readonly cause: string;
  readonly from: string;
  readonly to: string;
}

export function readFirstIncidentPage(): Promise<string> {
  return readFile(join(GETTING_STARTED, "first-incident.md"), "utf8");
}

/** The lines of all tables of Incidents in the page. */
export function incidentRowsOf(page: string): readonly IncidentRow[] {
  const tables = [...page.matchAll(/^\$ kubectl -n shop get incidents\n.*\n([\s\S]*?)^```/gm)];
  return tables
    .flatMap(([, lines = ""]) => lines.trim().split("\n"))
    .map((line) => {
      const [name = "", , phase = "", reason = "", cause = "", from = "", to = ""] = line.split(/\s+/);
      return { name, phase, reason, cause, from, to };
    });
}

/** The commands of a step for a shell, block by block. Throws when the step has none. */
export function commandsOfStep(page: string, step: number): readonly string[] {
  const [, section = ""] =
    new RegExp(`^## ${step}\\. .*\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(page) ?? [];
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, commands = ""]) => commands);
  if (blocks.length === 0) throw new Error(`step ${step} of the page has no commands`);
  return blocks;
}
