// Samples of a time that is past, as blocks of Prometheus: nobody has to wait for a scrape.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../../hack/run-program.ts";

/** One series: its name with labels as in PromQL, and its value at a moment; undefined where it has none. */
export interface PastSeries {
  readonly name: string;
  /** Seconds since the first scrape. */
  readonly valueAt: (seconds: number) => number | undefined;
}

export interface PastTime {
  /** Epoch ms. */
  readonly from: number;
  readonly seconds: number;
  readonly everySeconds: number;
}

/** Writes the blocks into the folder, which is Prometheus' folder of data. */
export async function writePastSamples(
  promtool: string,
  folder: string,
  series: readonly PastSeries[],
  { from, seconds, everySeconds }: PastTime,
): Promise<void> {
  const moments = Array.from(
    { length: Math.floor(seconds / everySeconds) + 1 },
    (_, index) => index * everySeconds,
  );
  const lines = series.flatMap(({ name, valueAt }) =>
    moments.flatMap((moment) => {
      const value = valueAt(moment);
      return value === undefined ? [] : [`${name} ${value} ${from / 1_000 + moment}`];
    }),
  );
  const file = join(folder, "samples.txt");
  await writeFile(file, `${lines.join("\n")}\n# EOF\n`);
  await runProgram([promtool, "tsdb", "create-blocks-from", "openmetrics", file, join(folder, "data")]);
}
