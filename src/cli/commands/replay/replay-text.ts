// A replay in lines a person reads: what happened, and beside it what would have been decided.
import { painter, type Terminal } from "../../terminal.ts";
import type { Recording } from "./recording.ts";
import type { Replay, ReplayedDecision } from "./replay.ts";

/** One replay as text. Ends with one line that says how it came out. */
export function replayText(
  recording: Recording,
  replay: Replay,
  terminal: Pick<Terminal, "hasColours">,
): string {
  const paint = painter(terminal);
  const marks = recording.lines.flatMap((line) => ("mark" in line ? [line] : []));
  const rows = [
    ...marks.map(({ t, mark }) => ({ t, text: `happened  ${mark}` })),
    ...replay.decisions.map((decision) => ({
      t: decision.t,
      text: `decided   ${decisionText(decision, paint)}`,
    })),
  ].sort((a, b) => a.t - b.t);
  const title = `${recording.name} (Deployment ${replay.target})`;
  return [
    paint("bold", title),
    ...rows.map(({ t, text }) => `${t.toFixed(1).padStart(8)} s  ${text}`),
    `            ${verdict(replay, marks[0]?.t, undoOf(marks))}`,
    "",
  ].join("\n");
}

const COLOURS = { rollback: "red", incident: "yellow", none: "dim" } as const;

function decisionText(
  { action, reason, message }: ReplayedDecision,
  paint: ReturnType<typeof painter>,
): string {
  return `${paint(COLOURS[action], `${action.padEnd(8)}  ${reason}`)}: ${message}`;
}

function verdict(replay: Replay, changedAt: number | undefined, undoneAt: number | undefined): string {
  const acts = replay.decisions.filter(({ action }, index, all) => {
    return action !== "none" && all[index - 1]?.action !== action;
  });
  if (acts.length === 0) return "→ no rollback";
  const person =
    undoneAt === undefined || changedAt === undefined
      ? ""
      : `; the person acted after ${(undoneAt - changedAt).toFixed(1)} s`;
  return `→ it would have been ${acts.map((act) => actText(act, changedAt)).join(", then ")}${person}`;
}

function actText({ action, t }: ReplayedDecision, changedAt: number | undefined): string {
  const what = action === "rollback" ? "rolled back" : "recorded as an Incident, without acting,";
  if (changedAt === undefined) return what;
  const s = t - changedAt;
  return s < 0
    ? `${what} ${(-s).toFixed(1)} s before the change`
    : `${what} ${s.toFixed(1)} s after the change`;
}

function undoOf(marks: readonly { readonly t: number; readonly mark: string }[]): number | undefined {
  return marks.find(({ mark }) => mark.includes("rollout undo"))?.t;
}
