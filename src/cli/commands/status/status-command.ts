// `status`: guards at a glance, or one in full, as things are at this moment.
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { LIST_FLAGS, listRequest } from "../../list-flags.ts";

export const statusCommand = defineClusterCommand({
  summary: "Show guarded Deployments and what they wait for",
  description:
    "Shows the state of guarded Deployments: computed now from the cluster by the operator's own rules, and compared with what the operator has reported.",
  usage: "[NAME] [-n NS | -A] [flags]",
  argument: "[NAME]",
  flags: LIST_FLAGS,
  examples: ["kubectl rolloutguard status -A", "kubectl rolloutguard status checkout-service -n production"],
  exitCodes: "0 fine, 1 a rollout fails or a guard cannot work,\n2 wrong usage, 3 unknown, 6 not found",
  completes: "rolloutguards",
  parse: ({ args, flags }) => listRequest("status", "guard", args[0], flags),
  async run(access, request, terminal) {
    const { runStatus } = await import("./run-status.ts");
    return runStatus(access, request, terminal);
  },
});
