// The recordings of real rollouts, by name: those of e2e/recordings, and those of the scenarios (scenarios/NAME).
import { readdirSync, readFileSync } from "node:fs";
import { parseRecording, type Recording } from "../../src/cli/commands/replay/recording.ts";

/** What happened in a recording, and what a careful person on call would have wanted. */
export interface Label {
  readonly want: "rollback" | "incident" | "nothing";
  /** The `t` of the change. */
  readonly change: number;
  /** The Deployment that it is about; by default the first whose template was changed. */
  readonly deployment?: string;
}

const FOLDER = new URL("../recordings/", import.meta.url);
const FOLDERS = ["", "scenarios/"] as const;

export const RECORDINGS: readonly Recording[] = FOLDERS.flatMap((folder) =>
  readRecordings(new URL(folder, FOLDER), folder),
);

export const LABELS: Readonly<Record<string, Label>> = Object.fromEntries(
  FOLDERS.flatMap((folder) => {
    const text = readFileSync(new URL(`${folder}labels.json`, FOLDER), "utf8");
    const labels = JSON.parse(text) as Record<string, Label>;
    return Object.entries(labels).map(([name, label]) => [`${folder}${name}`, label]);
  }),
);

/** All recordings of a folder; `prefix` begins their names. Throws RecordingError. */
export function readRecordings(folder: URL, prefix: string): readonly Recording[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".jsonl"))
    .map((file) =>
      parseRecording(`${prefix}${file.replace(".jsonl", "")}`, readFileSync(new URL(file, folder), "utf8")),
    );
}
