// `incidents`: the failed rollouts of a namespace, or one of them as a report.
import { API_VERSION, INCIDENT_PLURAL } from "../../../api/group.ts";
import { type ClusterFlags, withCluster, withClusterOptions } from "../../cluster/cluster-access.ts";
import { clusterError, nameIn } from "../../cluster/cluster-error.ts";
import { namesIn } from "../../cluster/cluster-values.ts";
import { type CommandDefinition, withExamples } from "../../command-definition.ts";
import { EXIT_CODES, UsageError } from "../../exit-codes.ts";
import { dataText, type Output, withOutputOption } from "../../output-forms.ts";
import { incidentPage } from "./incident-page.ts";
import { incidentsTable } from "./incidents-table.ts";
import { readIncidents, theIncident } from "./read-incidents.ts";

interface IncidentsFlags extends ClusterFlags {
  readonly output?: Output | undefined;
  readonly allNamespaces?: boolean | undefined;
}

export const incidentsCommand: CommandDefinition = {
  define(command) {
    command
      .summary("failed rollouts: a list, or one as a report")
      .description(
        "Lists failed rollouts, newest first, or reports one: what failed, since when and why, what was done, whether it is over, and what to do.",
      )
      .usage("[NAME] [-n NS | -A] [flags]")
      .argument("[NAME]")
      .option("-A, --all-namespaces", "Incidents of all namespaces");
    withClusterOptions(withOutputOption(command));
    withExamples(
      command,
      [
        "kubectl rolloutguard incidents -A",
        "kubectl rolloutguard incidents checkout-service-596f7cbf4b -n production",
      ],
      "0 fine, 2 wrong usage, 3 it cannot be told, 6 no such Incident",
    );
  },
  complete: incidentNames,
  async run({ args, options, terminal }) {
    const flags = options as IncidentsFlags;
    const name = nameIn(args[0]);
    if (name !== undefined && flags.allNamespaces) {
      throw new UsageError(`write the Incident's namespace (-n NS) instead of -A: incidents ${name} -n NS`);
    }
    return withCluster(flags, async ({ client, clock, namespace, server }) => {
      const wanted = flags.allNamespaces ? undefined : namespace;
      const read = await readIncidents(client, wanted, () => clock.now()).catch((error: unknown) => {
        throw clusterError(error, server);
      });
      const { output } = flags;
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
        const form = { isWide, showsNamespaces: wanted === undefined };
        terminal.out(incidentsTable(read.incidents, clock.now(), terminal, form));
      } else {
        terminal.err(
          `No failed rollout is recorded in ${wanted === undefined ? "any namespace" : `namespace ${wanted}`}.\n`,
        );
      }
      for (const problem of read.problems) terminal.err(`note: ${problem}\n`);
      return EXIT_CODES.fine;
    });
  },
};

/** The names of the Incidents there are, for completion. */
export function incidentNames(options: ClusterFlags): Promise<readonly string[]> {
  return namesIn(
    (namespace) => `/apis/${API_VERSION}/namespaces/${encodeURIComponent(namespace)}/${INCIDENT_PLURAL}`,
    options,
  );
}
