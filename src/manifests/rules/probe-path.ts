// Does a probe's path look like one that somebody serves?
import { nearest } from "../../domain/nearest.ts";
import type { LintRule } from "../finding.ts";
import { type Probe, probesOf } from "../probes.ts";
import { lastingContainers } from "../workload.ts";

export const probePath: LintRule = {
  id: "probe-path",
  severity: "warning",
  meaning: "A probe asks a path that looks mistyped",
  advice:
    "Two probes of a container that ask nearly the same path, a path with blanks, or a whole address where a path belongs.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const where = (name: string) => `container ${name} in ${workload.title}`;
      for (const container of lastingContainers(workload)) {
        const probes = probesOf(container).filter(({ path }) => path.text !== undefined);
        for (const probe of probes) {
          const said = strangeness(probe) ?? slip(probe, probes);
          if (!said) continue;
          const asks = `The ${probe.kind} probe of ${where(container.name)} asks path`;
          yield {
            manifest: workload.manifest,
            field: probe.path,
            message: `${asks} ${probe.path.text}${said.says}`,
            fix: said.fix,
          };
        }
      }
    }
  },
};

interface Said {
  readonly says: string;
  readonly fix: string;
}

function strangeness({ path }: Probe): Said | undefined {
  const text = path.text ?? "";
  if (text.includes("://")) {
    return { says: ", which is a whole address.", fix: "Write the path alone, such as `path: /healthz`." };
  }
  if (/\s/.test(text)) return { says: ", which has blanks.", fix: "Take the blanks out." };
  return undefined;
}

/** Two probes of a container that ask nearly the same path: told at the later one. */
function slip(probe: Probe, probes: readonly Probe[]): Said | undefined {
  const path = probe.path.text ?? "";
  const earlier = probes.slice(0, probes.indexOf(probe));
  const other = earlier.find((one) => one.path.text !== path && isSlip(path, one.path.text ?? ""));
  if (other === undefined) return undefined;
  return {
    says: `, and its ${other.kind} probe asks ${other.path.text}: one of them may be mistyped.`,
    fix: `Write the same path, or make sure that the application serves both.`,
  };
}

function isSlip(a: string, b: string): boolean {
  const isShort = Math.min(a.length, b.length) < 5;
  return !isShort && Math.abs(a.length - b.length) <= 1 && nearest(a, [b]) !== undefined && sameEnds(a, b);
}

/** /live and /five are two words; /healthz, /healtz and /health are one. */
function sameEnds(a: string, b: string): boolean {
  return a.slice(0, 4) === b.slice(0, 4);
}
