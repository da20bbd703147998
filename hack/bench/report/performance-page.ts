// docs/quality/performance.svg and the generated part of docs/quality/performance.md, both from the saved results of a run.
import type { BenchResults, GrowthPoint } from "../results.ts";
import { formatted, judge, shown } from "./judge.ts";
import { type Chart, chartPage, type Line } from "./line-chart.ts";
import { headLines } from "./table.ts";

const BEGIN = "<!-- results: written by `npm run generate` from docs/quality/performance.json -->";
const PLOT_TEXT = "How memory, processor time, reaction and first sync grow with the number of guards";
const END = "<!-- end of results -->";

/** The page with the results in place of what stands between its markers. Throws when it has none. */
export function withResults(page: string, results: BenchResults): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the page has no markers "${BEGIN}" and "${END}"`);
  return `${page.slice(0, from)}${BEGIN}\n${resultsPart(results)}\n${page.slice(to)}`;
}

function resultsPart(results: BenchResults): string {
  const rows = judge(results).map(({ what, value, unit, limit, isMet }) => {
    const mark = isMet === undefined ? "" : isMet ? "✓" : "**missed**";
    return `| ${what} | ${`${shown(value)} ${unit}`.trim()} | ${limit === undefined ? "" : `≤ ${formatted(limit)}`} | ${mark} |`;
  });
  const { growth = [] } = results;
  return [
    ...headLines(results),
    "",
    "| figure | value | limit | |",
    "|---|---|---|---|",
    ...rows,
    ...(growth.length > 0 ? ["", ...growthTable(growth), "", `![${PLOT_TEXT}](./performance.svg)`] : []),
  ].join("\n");
}

function growthTable(growth: readonly GrowthPoint[]): string[] {
  return [
    "| guards | guarded pods | first sync | peak memory | memory | CPU at 200/s | p50 | p99 |",
    "|---|---|---|---|---|---|---|---|",
    ...growth.map(({ guards, guardedPods, sync, load, reaction }) => {
      const cells = [
        formatted(guards),
        formatted(guardedPods),
        `${shown(sync.startToFilledSeconds)} s`,
        `${shown(sync.peakRssMB)} MB`,
        `${shown(load.medianRssMB)} MB`,
        `${shown(load.cpuPercent)} %`,
        `${shown(reaction.p50)} ms`,
        `${shown(reaction.p99)} ms`,
      ];
      return `| ${cells.join(" | ")} |`;
    }),
  ];
}

/** How the figures grow with the number of guards, as SVG. Throws when there is no growth series. */
export function growthPlot({ growth = [] }: BenchResults): string {
  if (growth.length === 0)
    throw new Error("the results have no growth series; run the bench with all its parts");
  const line = (name: string, read: (point: GrowthPoint) => number): Line => ({
    name,
    points: growth.map((point) => ({ x: point.guards, y: read(point) })),
  });
  const charts: Chart[] = [
    {
      title: "Memory (MB)",
      lines: [
        line("peak of first sync", ({ sync }) => sync.peakRssMB),
        line("at 200 changes/s", ({ load }) => load.medianRssMB),
      ],
    },
    {
      title: "CPU at 200 changes/s (% of a core)",
      lines: [line("CPU", ({ load }) => load.cpuPercent)],
      limit: 5,
    },
    {
      title: "Decisive event to patch (ms)",
      lines: [line("p99", ({ reaction }) => reaction.p99), line("p50", ({ reaction }) => reaction.p50)],
      limit: 100,
    },
    { title: "First sync (s)", lines: [line("first sync", ({ sync }) => sync.startToFilledSeconds)] },
  ];
  return chartPage(charts, "guarded Deployments of 10 pods");
}
