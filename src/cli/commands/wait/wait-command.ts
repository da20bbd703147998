// `wait`: a step of a pipeline that ends when a rollout is healthy, or with the reason why it is not.
import { defineClusterCommand } from "../../cluster/cluster-command.ts";
import { oneOf, onOff, span } from "../../flags.ts";
import { deploymentName } from "../../named-object.ts";

export const waitCommand = defineClusterCommand({
  summary: "Wait until a rollout is healthy, or exit with the reason",
  description:
    "Waits until the current rollout of a Deployment is healthy: all pods updated and available, its Services with endpoints, no check pending or failing. Uses the settings of its guard, or the defaults.",
  usage: "deployment/NAME [-n NS] [flags]",
  argument: "<deployment/NAME>",
  flags: {
    timeoutMs: span("--timeout <SPAN>", "how long to wait in total; default: 10m", "10m"),
    endpointsMs: span(
      "--endpoints-timeout <SPAN>",
      "how long Services can lack endpoints; default: 60s",
      "60s",
    ),
    steadyMs: span("--steady-for <SPAN>", "how long the rollout must stay healthy; default: 10s", "10s"),
    baked: onOff("--baked", "wait through the guard's bake time too (5m without a guard)"),
    output: oneOf("-o, --output <FORM>", "print the result as json or yaml", ["json", "yaml"]),
  },
  examples: ["kubectl apply -f k8s/ && kubectl rolloutguard wait deployment/web -n shop"],
  exitCodes:
    "0 healthy, 1 failing, 2 wrong usage, 3 unknown, 4 rolled back,\n5 timed out, 6 not found, 7 superseded by another rollout",
  completes: "deployments",
  parse: ({ args, flags }) => ({ ...flags, name: deploymentName("wait", args[0]) }),
  async run(access, request, terminal) {
    const { runWait } = await import("./run-wait.ts");
    return runWait(access, request, terminal);
  },
});
