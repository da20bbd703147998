// Do containers run as root?
import type { Problem, StaticCheck } from "../finding.ts";
import type { Container, Workload } from "../workload.ts";

export const rootUser: StaticCheck = {
  id: "root-user",
  severity: "warning",
  meaning: "A container runs as root, or nothing says that it does not",
  advice:
    "A warning where runAsUser is 0, information where nothing is said: the image may have a user of its own, which cannot be seen here.",
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
    yield {
      manifest: workload.manifest,
      field: own.isThere ? own : workload.template.at("spec", "securityContext", "runAsUser"),
      message: `Container ${container.name} of ${workload.title} runs as root.`,
      fix: "Write a `runAsUser` other than 0 and `runAsNonRoot: true` into its securityContext.",
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
    fix: "Write `securityContext: {runAsNonRoot: true}` into the pod's spec.",
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
