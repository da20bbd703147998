// A recording as a slow network delivers it.
import { createRandom } from "@rolloutguard/simulated-cluster/random";
import type { RecordedLine, Recording } from "../../src/cli/commands/replay/recording.ts";

/** Delays changes by up to `seconds`; those of one object keep their order, as a watch guarantees. */
export function jittered(
  recording: Recording,
  seed: number,
  seconds: number,
  applies: (line: Exclude<RecordedLine, { mark: string }>) => boolean = () => true,
): Recording {
  const random = createRandom(seed);
  const lastOf = new Map<string, number>();
  const lines = recording.lines.map((line): RecordedLine => {
    if ("mark" in line || line.type === "LIST" || !applies(line)) return line;
    const { uid } = line.object.metadata as { uid: string };
    const t = Math.max(line.t + random.between(0, seconds), lastOf.get(uid) ?? 0);
    lastOf.set(uid, t);
    return { ...line, t };
  });
  return { ...recording, lines: lines.sort((a, b) => a.t - b.t) };
}
