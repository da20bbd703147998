// Stories of operators as recordings, with what a careful person on call would have wanted (e2e/recordings/field).
import { readFileSync } from "node:fs";
import type { FindingReason } from "../../src/api/reasons.ts";
import type { Recording } from "../../src/cli/commands/replay/recording.ts";
import { readRecordings } from "./recorded.ts";

export interface FieldLabel {
  /** `no-rollback`: an Incident is fine, a rollback is wrong. */
  readonly want: "rollback" | "incident" | "no-rollback" | "nothing";
  /** The `t` of the change. */
  readonly change: number;
  /** How long after the change the rollback comes at the latest. */
  readonly withinSeconds?: number;
  /** The headline of the Incident. */
  readonly reason?: FindingReason;
  /** What the decision or its causes must say. */
  readonly names?: string;
  /** The kind of mistake that it guards against, a letter of the README. */
  readonly kind: string;
  readonly what: string;
}

const FOLDER = new URL("../recordings/field/", import.meta.url);

export const FIELD_RECORDINGS: readonly Recording[] = readRecordings(FOLDER, "field/");

/** By the name of the recording, without the folder. */
export const FIELD_LABELS = JSON.parse(readFileSync(new URL("labels.json", FOLDER), "utf8")) as Readonly<
  Record<string, FieldLabel>
>;
