// What `incidents` does, loaded when it runs.
import type { ClusterAccess } from "../../cluster/cluster-access.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-codes.ts";
import type { ListRequest } from "../../list-flags.ts";
import { asData } from "../../output-forms.ts";
import type { Terminal } from "../../terminal.ts";
import { incidentPage } from "./incident-page.ts";
import { incidentsTable } from "./incidents-table.ts";
import { type ReadIncident, type ReadIncidents, readIncidents, theIncident } from "./read-incidents.ts";
import { watchIncidents } from "./watch-incidents.ts";

/** Resolves with the exit code; rejects with CommandError, or with what the API server said. */
export async function runIncidents(
  access: ClusterAccess,
  request: ListRequest,
  terminal: Terminal,
): Promise<ExitCode> {
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
}

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
