// `incidents`: the failed rollouts of a namespace, or one of them as a report.
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { onOff } from "../../flags.ts";
import { nameOrAll } from "../../named-object.ts";
import { dataText, OUTPUT_FLAG } from "../../output-forms.ts";
import { incidentPage } from "./incident-page.ts";
import { incidentsTable } from "./incidents-table.ts";
import { readIncidents, theIncident } from "./read-incidents.ts";

export const incidentsCommand = defineClusterCommand({
  summary: "List failed rollouts, or report one",
  description:
    "Lists failed rollouts, newest first, or reports one: what failed, since when and why, what was done, whether it is over, and what to do.",
  usage: "[NAME] [-n NS | -A] [flags]",
  argument: "[NAME]",
  flags: {
    allNamespaces: onOff("-A, --all-namespaces", "Incidents of all namespaces"),
    output: OUTPUT_FLAG,
  },
  examples: [
    "kubectl rolloutguard incidents -A",
    "kubectl rolloutguard incidents checkout-service-596f7cbf4b -n production",
  ],
  exitCodes: "0 fine, 2 wrong usage, 3 it cannot be told, 6 no such Incident",
  completes: "incidents",
  parse: ({ args, flags }) => ({
    ...flags,
    name: nameOrAll("incidents", "Incident", args[0], flags.allNamespaces),
  }),
  async run({ client, clock, namespace }, { name, allNamespaces, output }, terminal) {
    const wanted = allNamespaces ? undefined : namespace;
    const read = await readIncidents(client, wanted, () => clock.now());
    const isWide = output === "wide";
    if (name !== undefined) {
      const incident = theIncident(read, name, namespace);
      terminal.out(
        output === "json" || output === "yaml"
          ? dataText(incident.object, output)
          : incidentPage(incident, clock.now(), terminal, isWide),
      );
      return EXIT_CODES.fine;
    }
    if (output === "json" || output === "yaml") {
      const items = read.incidents.map(({ object }) => object);
      terminal.out(dataText({ apiVersion: "v1", kind: "List", items }, output));
    } else if (read.incidents.length > 0) {
      const form = { isWide, showsNamespaces: allNamespaces };
      terminal.out(incidentsTable(read.incidents, clock.now(), terminal, form));
    } else {
      terminal.err(
        `No failed rollout is recorded in ${allNamespaces ? "any namespace" : `namespace ${namespace}`}.\n`,
      );
    }
    for (const problem of read.problems) terminal.err(`note: ${problem}\n`);
    return EXIT_CODES.fine;
  },
});
