// A small line chart as SVG. Pure. Its colours are readable on white and on black, for nobody knows where it is shown.

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Drawn as a dashed line. */
  readonly limit?: number;
}

const WIDTH = 340;
const HEIGHT = 216;
const PLOT = { left: 46, right: 24, top: 40, bottom: 32 };
/** Of a number of four or five digits. */
const TEXT_WIDTH = 36;
const COLOURS = ["#3b82f6", "#e8590c"];
const GREY = "#7d8590";

/** The charts two in a row, over the same x axis. */
export function chartPage(charts: readonly Chart[], xTitle: string): string {
  const rows = Math.ceil(charts.length / 2);
  const placed = charts.map(
    (chart, i) =>
      `<g transform="translate(${(i % 2) * WIDTH} ${Math.floor(i / 2) * HEIGHT})">\n${chartParts(chart, xTitle).join("\n")}\n</g>`,
  );
  const style = `text{font:11px system-ui,sans-serif;fill:${GREY}}.title{font-size:12px;font-weight:600}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * WIDTH} ${rows * HEIGHT}" width="${2 * WIDTH}" height="${rows * HEIGHT}">`,
    `<style>${style}</style>`,
    ...placed,
    "</svg>\n",
  ].join("\n");
}

function chartParts({ title, lines, limit }: Chart, xTitle: string): string[] {
  const xs = lines.flatMap(({ points }) => points.map(({ x }) => x));
  const ys = lines.flatMap(({ points }) => points.map(({ y }) => y));
  const maxX = Math.max(...xs);
  const yTicks = ticksTo(Math.max(...ys, limit ?? 0));
  const maxY = yTicks.at(-1) ?? 1;
  const [right, bottom] = [WIDTH - PLOT.right, HEIGHT - PLOT.bottom];
  const px = (x: number) => round(PLOT.left + (x / maxX) * (right - PLOT.left));
  const py = (y: number) => round(bottom - (y / maxY) * (bottom - PLOT.top));
  const grid = yTicks.flatMap((y) => [
    `<path d="M${PLOT.left} ${py(y)}H${right}" stroke="${GREY}" stroke-opacity="${y === 0 ? 0.8 : 0.25}"/>`,
    `<text x="${PLOT.left - 6}" y="${py(y) + 4}" text-anchor="end">${y.toLocaleString("en-US")}</text>`,
  ]);
  const marks = readable(
    [...new Set(xs)].sort((a, b) => a - b),
    px,
  ).map(
    (x) => `<text x="${px(x)}" y="${bottom + 15}" text-anchor="middle">${x.toLocaleString("en-US")}</text>`,
  );
  const limitLine =
    limit === undefined
      ? []
      : [
          `<path d="M${PLOT.left} ${py(limit)}H${right}" stroke="${GREY}" stroke-dasharray="5 4" stroke-width="1.5"/>`,
          `<text x="${PLOT.left + 4}" y="${py(limit) - 4}">limit</text>`,
        ];
  const drawn = lines.flatMap(({ name, points }, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? GREY;
    const path = points.map(({ x, y }, at) => `${at === 0 ? "M" : "L"}${px(x)} ${py(y)}`).join("");
    const label =
      lines.length < 2
        ? []
        : [`<text x="${right}" y="${18 + 12 * i}" text-anchor="end" style="fill:${colour}">${name}</text>`];
    return [
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(({ x, y }) => `<circle cx="${px(x)}" cy="${py(y)}" r="3" fill="${colour}"/>`),
      ...label,
    ];
  });
  return [
    `<text class="title" x="${PLOT.left}" y="18">${title}</text>`,
    ...grid,
    ...marks,
    `<text x="${(PLOT.left + right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${xTitle}</text>`,
    ...limitLine,
    ...drawn,
  ];
}

/** The values whose texts do not run into the one before. */
function readable(values: readonly number[], px: (value: number) => number): number[] {
  const shown: number[] = [];
  for (const value of values) {
    const last = shown.at(-1);
    if (last === undefined || px(value) - px(last) >= TEXT_WIDTH) shown.push(value);
  }
  return shown;
}

/** Round numbers from 0 to the first one that is not below the value; four or five of them. */
function ticksTo(value: number): number[] {
  const magnitude = 10 ** Math.floor(Math.log10(value / 4));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((each) => each * 4 >= value) ?? value;
  const count = Math.ceil(value / step);
  return Array.from({ length: count + 1 }, (_, i) => round(i * step));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
