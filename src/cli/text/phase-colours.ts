// The colours of phases: green is well, red fails, yellow is on the way.
import type { IncidentPhase } from "../../api/incident.ts";
import type { GuardPhase } from "../../api/rollout-guard.ts";
import type { Colour } from "../terminal.ts";

export const PHASE_COLOURS: Readonly<Record<GuardPhase | IncidentPhase, Colour>> = {
  Waiting: "yellow",
  NotEvaluated: "dim",
  Progressing: "cyan",
  Baking: "cyan",
  Healthy: "green",
  Failing: "red",
  RollingBack: "yellow",
  NotRecovered: "red",
  Held: "red",
  Acting: "yellow",
  Verifying: "yellow",
  Recovered: "green",
  Superseded: "dim",
};
