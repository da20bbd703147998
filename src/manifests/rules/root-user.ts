// Do containers run as root?
import type { LintRule, Problem } from "../finding.ts";
import type { Container, Workload } from "../workload.ts";

export const rootUser: LintRule = {
  id: "root-user",
  severity: "warning",
  meaning: "A container runs as root, or nothing says that it does not",
  advice:
    "A warning where runAsUser is 0, an error where runAsNonRoot forbids that, because such a container never starts; information where nothing is said: the image may have a user of its own, which cannot be seen here.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (workload.template.at("spec", "os", "name").text === "windows") continue;
      yield* asRoot(workload);
      yield* maybeAsRoot(workload);
    }
  },
};

function* asRoot(workload: Workload): Iterable<Problem> {
  for (const container of workload.containers) {
    if (userOf(container, workload) !== 0) continue;
    const own = container.field.at("securityContext", "runAsUser");
    const neverStarts = setting(container, workload, "runAsNonRoot") === true;
    yield {
      manifest: workload.manifest,
      field: own.isThere ? own : workload.template.at("spec", "securityContext", "runAsUser"),
      ...(neverStarts && { severity: "error" as const }),
      message: neverStarts
        ? `Container ${container.name} of ${workload.title} is to run as user 0 and must not run as root (runAsNonRoot): it never starts.`
        : `Container ${container.name} of ${workload.title} runs as root.`,
      fix: "Write `runAsNonRoot: true` and a `runAsUser` other than 0, such as 10001, into its securityContext.",
    };
  }
}

/** What the image's own user is cannot be seen here. Told once a workload. */
function* maybeAsRoot(workload: Workload): Iterable<Problem> {
  const open = workload.containers.filter((container) => !isSettled(container, workload));
  if (open.length === 0) return;
  yield {
    manifest: workload.manifest,
    field: workload.template.at("spec"),
    severity: "info",
    message: `Nothing keeps ${open.length === 1 ? "container" : "containers"} ${open.map(({ name }) => name).join(", ")} of ${workload.title} from running as root.`,
    fix: "Write `securityContext: {runAsNonRoot: true, runAsUser: 10001}` into the pod's spec, with a user that can read the image's files. Without `runAsUser` an image whose own user is root, or has no number, does not start.",
  };
}

function isSettled(container: Container, workload: Workload): boolean {
  return userOf(container, workload) !== undefined || setting(container, workload, "runAsNonRoot") === true;
}

function userOf(container: Container, workload: Workload): number | undefined {
  const user = setting(container, workload, "runAsUser");
  return typeof user === "number" ? user : undefined;
}

/** The container's own word counts before the pod's. */
function setting({ field }: Container, { template }: Workload, key: string): unknown {
  return field.at("securityContext", key).value ?? template.at("spec", "securityContext", key).value;
}
