// All scenarios, in the order in which reports tell them.
import { FAILING_CIRCUMSTANCES } from "./failing-circumstances.ts";
import { FAILING_CRASHES } from "./failing-crashes.ts";
import { FAILING_HEALTH } from "./failing-health.ts";
import { FAILING_HELD } from "./failing-held.ts";
import { FAILING_QUIETLY } from "./failing-quietly.ts";
import { FAILING_STARTS } from "./failing-starts.ts";
import { FAILING_UNSTEADY } from "./failing-unsteady.ts";
import { LEFT_ALONE } from "./left-alone.ts";
import { LEFT_ALONE_BY_DESIGN } from "./left-alone-by-design.ts";
import { LEFT_ALONE_WAITING } from "./left-alone-waiting.ts";
import { PAUSED_IN_TIME } from "./paused-in-time.ts";
import { PEOPLE_ACT_TOO } from "./people-act-too.ts";
import type { Scenario } from "./scenario.ts";

export const ALL_SCENARIOS: readonly Scenario[] = [
  ...FAILING_HEALTH,
  ...FAILING_CRASHES,
  ...FAILING_STARTS,
  ...FAILING_CIRCUMSTANCES,
  ...FAILING_UNSTEADY,
  ...FAILING_QUIETLY,
  ...FAILING_HELD,
  ...PAUSED_IN_TIME,
  ...PEOPLE_ACT_TOO,
  ...LEFT_ALONE,
  ...LEFT_ALONE_WAITING,
  ...LEFT_ALONE_BY_DESIGN,
];
