// What the scheduler says of pods that no node takes. Pure.
import type { FindingReason } from "../../api/reasons.ts";
import { type Case, textOfFinding } from "./cause.ts";

/** The reasons of findings that can quote it. */
export const SCHEDULING_REASONS: readonly FindingReason[] = ["Unschedulable", "ProgressDeadlineExceeded"];

/** One reason for so many nodes: "0/3 nodes are available: 2 Insufficient memory, 1 node(s) …". */
const SAYS = /\d+\/\d+ nodes are available: ([^\n]+)/;

/** Its reasons, without what it says of preemption; undefined when it is not quoted. */
export function schedulerWords(of: Case): string | undefined {
  return SAYS.exec(textOfFinding(of))?.[1]?.replace(/ preemption: .*$/i, "");
}
