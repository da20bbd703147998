// Does a pod have the time that its preStop hook takes?
import type { Field } from "../field.ts";
import type { LintRule } from "../finding.ts";
import { lastingContainers } from "../workload.ts";

/** Seconds that Kubernetes gives a pod when nothing else is written. */
const DEFAULT_GRACE = 30;

export const gracePeriod: LintRule = {
  id: "grace-period",
  severity: "warning",
  meaning: "A preStop hook sleeps as long as the pod has to end, or longer: the container is killed",
  advice:
    "The time of the preStop hook counts toward terminationGracePeriodSeconds (30 when it is not written). When the hook takes all of it, the application is killed without a chance to finish its requests.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const { manifest, title, template } = workload;
      const written = template.at("spec", "terminationGracePeriodSeconds");
      const grace = written.number ?? DEFAULT_GRACE;
      for (const container of lastingContainers(workload)) {
        const hook = container.field.at("lifecycle", "preStop");
        const sleeps = sleepOf(hook);
        if (sleeps === 0 || sleeps < grace) continue;
        yield {
          manifest,
          field: hook,
          message: `The preStop hook of container ${container.name} in ${title} sleeps ${sleeps} s, and the pod has ${grace} s to end${written.isThere ? "" : " (the default)"}: the container is killed before it can finish its requests.`,
          fix: `Write \`terminationGracePeriodSeconds: ${sleeps + DEFAULT_GRACE}\` into the pod's spec, or sleep less.`,
        };
      }
    }
  },
};

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600 };

/** Seconds that it certainly sleeps. */
function sleepOf(hook: Field): number {
  const command = hook
    .at("exec", "command")
    .items()
    .map(({ shown }) => shown)
    .join(" ");
  const inCommand = [...command.matchAll(/(?<![\w-])sleep\s+(\d+(?:\.\d+)?)([smh]?)(?![\w.])/g)].map(
    ([, amount = "0", unit = ""]) => Number(amount) * (UNITS[unit] ?? 1),
  );
  return inCommand.reduce((sum, seconds) => sum + seconds, hook.at("sleep", "seconds").number ?? 0);
}
