// The scenarios in the order in which the demo plays them.
import { health500 } from "./health-500.ts";
import { labelMismatch } from "./label-mismatch.ts";
import { missingEnv } from "./missing-env.ts";
import type { Scenario } from "./scenario.ts";
import { slowAnswers } from "./slow-answers.ts";
import { slowStart } from "./slow-start.ts";
import { wrongPort } from "./wrong-port.ts";

export const SCENARIOS: readonly Scenario[] = [
  wrongPort,
  health500,
  missingEnv,
  labelMismatch,
  slowAnswers,
  slowStart,
];
