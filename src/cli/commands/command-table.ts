// All commands of kubectl-rolloutguard, in the order in which help lists them. A new one is its folder and a line here.
import { checkCommand } from "./check/check-command.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { completeCommand } from "./completion/complete-command.ts";
import { completionCommand } from "./completion/completion-command.ts";
import { incidentsCommand } from "./incidents/incidents-command.ts";
import { postmortemCommand } from "./postmortem/postmortem-command.ts";
import { rollbackCommand } from "./rollback/rollback-command.ts";
import { statusCommand } from "./status/status-command.ts";
import { vetoCommand } from "./veto/veto-command.ts";
import { waitCommand } from "./wait/wait-command.ts";

/** By name. */
export const COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  status: statusCommand,
  incidents: incidentsCommand,
  postmortem: postmortemCommand,
  wait: waitCommand,
  rollback: rollbackCommand,
  veto: vetoCommand,
  check: checkCommand,
  completion: completionCommand,
  __complete: completeCommand(() => COMMANDS),
};
