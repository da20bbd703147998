// `postmortem`: an Incident written up in Markdown, for people to complete.

import { postmortem } from "../../reports/postmortem/postmortem.ts";
import { type ClusterFlags, withCluster, withClusterOptions } from "../cluster/cluster-access.ts";
import { clusterError, nameIn } from "../cluster/cluster-error.ts";
import { type CommandDefinition, withExamples } from "../command-definition.ts";
import { EXIT_CODES, UsageError } from "../exit-codes.ts";
import { incidentNames } from "./incidents/incidents-command.ts";
import { readIncidents, theIncident } from "./incidents/read-incidents.ts";

export const postmortemCommand: CommandDefinition = {
  define(command) {
    command
      .summary("an Incident as a post-mortem in Markdown")
      .description(
        "Writes the post-mortem of an Incident in Markdown: summary, timeline, what went well and wrong, root cause, action items. What only people know is left to be filled in.",
      )
      .usage("NAME [-n NS] [flags]")
      .argument("[NAME]");
    withClusterOptions(command);
    withExamples(
      command,
      ["kubectl rolloutguard postmortem checkout-service-596f7cbf4b -n shop > it.md"],
      "0 fine, 2 wrong usage, 3 it cannot be told, 6 no such Incident",
    );
  },
  complete: incidentNames,
  async run({ args, options, terminal }) {
    const name = nameIn(args[0]);
    if (name === undefined) {
      throw new UsageError("write the name of an Incident; `kubectl rolloutguard incidents` lists them");
    }
    return withCluster(options as ClusterFlags, async ({ client, clock, namespace, server }) => {
      const read = await readIncidents(client, namespace, () => clock.now()).catch((error: unknown) => {
        throw clusterError(error, server);
      });
      const { view, problem } = theIncident(read, name, namespace);
      terminal.out(postmortem(view, namespace, clock.now()));
      if (problem !== undefined) terminal.err(`note: ${problem}\n`);
      return EXIT_CODES.fine;
    });
  },
};
