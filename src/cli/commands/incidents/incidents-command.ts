// `incidents`: the failed rollouts of a namespace, or one of them as a report.
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { LIST_FLAGS, listRequest } from "../../list-flags.ts";

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
    const { runIncidents } = await import("./run-incidents.ts");
    return runIncidents(access, request, terminal);
  },
});
