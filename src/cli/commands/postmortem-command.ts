// `postmortem`: an Incident written up in Markdown, for people to complete.
import { defineClusterCommand } from "../cluster/cluster-command.ts";
import { EXIT_CODES, UsageError } from "../exit-codes.ts";
import { nameIn } from "../named-object.ts";

export const postmortemCommand = defineClusterCommand({
  summary: "Write the post-mortem of an Incident in Markdown",
  description:
    "Writes the post-mortem of an Incident in Markdown: summary, timeline, what went well and wrong, root cause, action items. Takes the name of an Incident, or of a Deployment for its newest one; what only people know is left to fill in.",
  usage: "NAME [-n NS] [flags]",
  argument: "[NAME]",
  flags: {},
  examples: ["kubectl rolloutguard postmortem checkout-service -n shop > postmortem.md"],
  exitCodes: "0 fine, 2 wrong usage, 3 unknown, 6 not found",
  completes: "incidents",
  parse({ args }) {
    const name = nameIn(args[0]);
    if (name !== undefined) return name;
    throw new UsageError(
      "pass the name of an Incident or a Deployment; `kubectl rolloutguard incidents` lists Incidents",
    );
  },
  async run({ client, clock, namespace }, name, terminal) {
    const [{ postmortem }, { readIncidents, theIncident }] = await Promise.all([
      import("../../reports/postmortem/postmortem.ts"),
      import("./incidents/read-incidents.ts"),
    ]);
    const read = await readIncidents(client, namespace, () => clock.now());
    const { view, problem } = theIncident(read, name, namespace);
    terminal.out(postmortem(view, namespace, clock.now()));
    if (problem !== undefined) terminal.err(`note: ${problem}\n`);
    return EXIT_CODES.fine;
  },
});
