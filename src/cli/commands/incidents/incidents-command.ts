// `incidents`: the failed rollouts of a namespace, or one of them as a report.
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { LIST_FLAGS, type ListRequest, listRequest } from "../../list-flags.ts";
import { asData } from "../../output-forms.ts";
import type { Terminal } from "../../terminal.ts";
import { incidentPage } from "./incident-page.ts";
import { incidentsTable } from "./incidents-table.ts";
import { type ReadIncident, type ReadIncidents, readIncidents, theIncident } from "./read-incidents.ts";
import { watchIncidents } from "./watch-incidents.ts";

export const incidentsCommand = defineClusterCommand({
  summary: "List failed rollouts, or report one",
  description:
    "Lists failed rollouts, the newest first. With the name of an Incident, or of a Deployment for its newest one, reports what failed and why, what was done, whether it is resolved, and what to do.",
  usage: "[NAME] [-n NS | -A] [flags]",
  argument: "[NAME]",
  flags: LIST_FLAGS,
  examples: ["kubectl rolloutguard incidents -A", "kubectl rolloutguard incidents checkout -n production"],
  exitCodes: "0 fine, 2 wrong usage, 3 unknown, 6 not found",
  completes: "incidents",
  parse: ({ args, flags }) => listRequest("incidents", "Incident", args[0], flags),
  async run(access, request, terminal) {
    const { client, clock, namespace } = access;
    const wanted = request.allNamespaces ? undefined : namespace;
    const read = await readIncidents(client, wanted, () => clock.now(), request.selector);
    if (request.watch) {
      const show = (incidents: readonly ReadIncident[], isFirst: boolean) =>
        list(
          incidents,
          access,
          { ...request, isWithoutHeaders: request.isWithoutHeaders || !isFirst },
          terminal,
        );
      await watchIncidents(access, wanted, request, terminal, show);
      return EXIT_CODES.fine;
    }
    if (request.name === undefined) await listAll(read, access, request, terminal);
    else await report(theIncident(read, request.name, namespace), access, request, terminal);
    return EXIT_CODES.fine;
  },
});

async function report(
  incident: ReadIncident,
  { clock }: ClusterAccess,
  { output }: ListRequest,
  terminal: Terminal,
): Promise<void> {
  const data = await asData(output, incident.object, [nameOf(incident)]);
  terminal.out(data ?? incidentPage(incident, clock.now(), terminal, output.form === "wide"));
}

async function listAll(
  { incidents, problems }: ReadIncidents,
  access: ClusterAccess,
  request: ListRequest,
  terminal: Terminal,
): Promise<void> {
  if (incidents.length > 0 || ["json", "yaml"].includes(request.output.form)) {
    await list(incidents, access, request, terminal);
  } else {
    await access.namespaceMustExist(request.allNamespaces);
    const where = request.allNamespaces ? "any namespace" : `namespace ${access.namespace}`;
    const which = request.selector === undefined ? "" : ` with the labels ${request.selector}`;
    terminal.err(`No Incidents${which} found in ${where}.\n`);
  }
  for (const problem of problems) terminal.err(`note: ${problem}\n`);
}

async function list(
  incidents: readonly ReadIncident[],
  { clock }: ClusterAccess,
  { output, allNamespaces, isWithoutHeaders }: ListRequest,
  terminal: Terminal,
): Promise<void> {
  const items = incidents.map(({ object }) => object);
  const data = await asData(output, { apiVersion: "v1", kind: "List", items }, incidents.map(nameOf));
  const form = { isWide: output.form === "wide", showsNamespaces: allNamespaces, isWithoutHeaders };
  terminal.out(data ?? incidentsTable(incidents, clock.now(), terminal, form));
}

/** As kubectl writes and takes it. */
function nameOf({ view }: ReadIncident): string {
  return `incident.rolloutguard.io/${view.name}`;
}
