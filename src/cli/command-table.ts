// All commands of kubectl-rolloutguard, in the order in which help lists them. A new one is its file in commands/ and a line here.

import type { CommandDefinition } from "./command-definition.ts";
import { completeCommand } from "./commands/completion/complete-command.ts";
import { completionCommand } from "./commands/completion/completion-command.ts";
import { incidentsCommand } from "./commands/incidents/incidents-command.ts";
import { lintCommand } from "./commands/lint/lint-command.ts";
import { optionsCommand } from "./commands/options-command.ts";
import { postmortemCommand } from "./commands/postmortem-command.ts";
import { recordCommand } from "./commands/record/record-command.ts";
import { replayCommand } from "./commands/replay/replay-command.ts";
import { rollbackCommand } from "./commands/rollback/rollback-command.ts";
import { statusCommand } from "./commands/status/status-command.ts";
import { versionCommand } from "./commands/version-command.ts";
import { vetoCommand } from "./commands/veto-command.ts";
import { waitCommand } from "./commands/wait/wait-command.ts";

/** By name. */
export const COMMANDS: Readonly<Record<string, CommandDefinition>> = {
  status: statusCommand,
  incidents: incidentsCommand,
  postmortem: postmortemCommand,
  wait: waitCommand,
  rollback: rollbackCommand,
  veto: vetoCommand,
  lint: lintCommand,
  record: recordCommand,
  replay: replayCommand,
  version: versionCommand,
  completion: completionCommand,
  options: optionsCommand,
  __complete: completeCommand(() => COMMANDS),
};
