// There is no revision to go back to. Pure.
import type { BrakeRule } from "./brake-rule.ts";

export const noRollbackTarget: BrakeRule = ({ restore }) =>
  "none" in restore ? { reason: restore.none, message: restore.message } : undefined;
