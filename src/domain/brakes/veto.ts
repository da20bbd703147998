// A person has put a veto on rolling this release back. Pure.
import { nameRevision } from "../history/revisions.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const veto: BrakeRule = ({ workload, revision }) => {
  if (workload.veto === undefined) return undefined;
  const reason = workload.veto === "" ? "no reason given" : workload.veto;
  return { reason: "Veto", message: `A veto blocks rolling back ${nameRevision(revision)}: ${reason}` };
};
