// Containers that end by themselves: for want of a variable, of memory, in an init container, or for what only the application knows. Pure.
import { formatDuration } from "../../api/duration.ts";
import { changedInContainer } from "../changes/container-changes.ts";
import { MASK } from "../masking/secret-patterns.ts";
import { type FailedContainer, failingContainer } from "../rollout/crashes.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Case, type Cause, type Classifier, quoted } from "./cause.ts";
import { killingProbe, nameProbe, podsOf } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** The finding's container with the most failures. */
export function crashOf(of: Case): FailedContainer | undefined {
  return podsOf(of)
    .flatMap((pod) => failingContainer(pod, of.now) ?? [])
    .sort((a, b) => b.failures - a.failures || (b.end?.message ? 1 : 0) - (a.end?.message ? 1 : 0))[0];
}

/** The container's template, and that of the revision that worked. */
function templatesOf({ rollout }: Case, name: string) {
  const named = (containers: readonly ContainerTemplateView[] | undefined) =>
    containers?.find((each) => each.name === name);
  return {
    container: named(rollout.revision.template.containers),
    before: named(rollout.baseline?.template.containers),
  };
}

/** What applications say of a variable that is not set: the name stands before or after. */
const NAME = "[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*";
const MISSING_ENV: readonly RegExp[] = [
  new RegExp(
    `\\b(${NAME})\\b[^\\n]{0,60}?\\b(?:not set|unset|undefined|missing|required|is empty|must be set|not defined|not found|not provided)`,
  ),
  /(?:missing|required|undefined|unset|no|KeyError:?|set)\b[^\n]{0,60}?['"`$]?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/i,
];

export const environmentVariable: Classifier = {
  explains: ["CrashLooping", "InitContainerFailing"],
  classify: (of) => {
    const crash = crashOf(of);
    if (!crash) return undefined;
    const { container, before } = templatesOf(of, crash.container.name);
    const words = crash.end?.message ?? "";
    const said = MISSING_ENV.flatMap((pattern) => pattern.exec(words)?.[1] ?? []).find(
      (name) => name.length > 2,
    );
    const has = (name: string) => container?.env.some((each) => each.name === name) ?? false;
    const gone = (before?.env ?? []).filter(({ name }) => !has(name));
    const name = said ?? (killingProbe(of) ? undefined : gone[0]?.name);
    if (name === undefined) return undefined;
    const lost = gone.find((each) => each.name === name);
    const others = said === undefined ? gone.slice(1).map((each) => each.name) : [];
    const why = lost
      ? `the rollout took it away from container ${crash.container.name}`
      : has(name)
        ? `what container ${crash.container.name} is given is empty or not usable`
        : `container ${crash.container.name} is not given it`;
    return {
      class: "EnvironmentVariableMissing",
      certainty: said !== undefined && !has(name) ? "Certain" : "Likely",
      message:
        said === undefined
          ? `The new revision no longer sets ${[name, ...others].join(", ")} for container ${crash.container.name}, and it ${howItEnds(crash)}.`
          : `${name} is not set, says the application: ${why}, and it ${howItEnds(crash)}.`,
      evidence: quoted(of, /it wrote|exit code/),
      remedy: `Set env ${name} in container ${crash.container.name}${lost?.source ? `, from ${lost.source} as before` : ""}.`,
      patch: lost && container && patchOfVariable(of, container, lost),
    };
  },
};

function patchOfVariable(
  { rollout }: Case,
  container: ContainerTemplateView,
  { name, source }: ContainerTemplateView["env"][number],
): string | undefined {
  const match = /^(Secret|ConfigMap)\/(.+) key (.+)$/.exec(source ?? "");
  if (!match) return undefined;
  const field = match[1] === "Secret" ? "secretKeyRef" : "configMapKeyRef";
  const valueFrom = { [field]: { name: match[2], key: match[3] } };
  return patchOfContainer(rollout, container, { env: [{ name, valueFrom }] });
}

const MEMORY = /^limits\.memory=(.+)$/;
const QUANTITY = /^(\d+)(Ki|Mi|Gi|k|M|G)$/;

export const memoryLimit: Classifier = {
  explains: ["OutOfMemory"],
  classify: (of) => {
    const crash = crashOf(of);
    const name = crash?.container.name ?? "?";
    const { container, before } = templatesOf(of, name);
    const [limit, former] = [limitOf(container), limitOf(before)];
    const isLower = former !== undefined && limit !== undefined && former !== limit;
    const better = isLower ? former : doubled(limit);
    return {
      class: "MemoryLimitExceeded",
      certainty: "Certain",
      message:
        limit === undefined
          ? `Container ${name} is killed for its memory, which its node or pod does not have; it has no limit of its own.`
          : `Container ${name} needs more memory than its limit of ${limit} allows${isLower ? `; the rollout changed the limit from ${former}` : ""}.`,
      evidence: quoted(of, /OOMKilled|memory/i),
      remedy: better
        ? `Set limits.memory of container ${name} to ${better}${isLower ? ", as before" : ""}, or make it need less.`
        : `Give container ${name} a memory request and limit that it keeps to, or make it need less.`,
      patch:
        better && container
          ? patchOfContainer(of.rollout, container, { resources: { limits: { memory: better } } })
          : undefined,
    };
  },
};

function limitOf(container: ContainerTemplateView | undefined): string | undefined {
  return container?.resources.flatMap((line) => MEMORY.exec(line)?.[1] ?? [])[0];
}

function doubled(limit: string | undefined): string | undefined {
  const match = QUANTITY.exec(limit ?? "");
  return match ? `${Number(match[1]) * 2}${match[2]}` : undefined;
}

export const initContainer: Classifier = {
  explains: ["InitContainerFailing"],
  classify: (of) => crashCause(of, "InitContainerFails"),
};

export const crash: Classifier = {
  explains: ["CrashLooping"],
  classify: (of) => crashCause(of, "ContainerCrashes"),
};

function crashCause(of: Case, as: "InitContainerFails" | "ContainerCrashes"): Cause | undefined {
  const failed = crashOf(of);
  if (!failed) return undefined;
  const { name, kind } = failed.container;
  const { container, before } = templatesOf(of, name);
  const changed = container && before ? changedInContainer(before, container) : [];
  const said = failed.end?.message.trim();
  // Nothing is left of what was all a value of a variable.
  const words = said === MASK ? undefined : said;
  const what = `${kind === "init" ? "Init container" : "Container"} ${name}`;
  const isNew = of.rollout.baseline !== undefined && before === undefined;
  const changes = isNew
    ? "the rollout brought it"
    : changed.length > 0
      ? `the rollout changed its ${changed.join(", ")}`
      : "";
  return {
    class: as,
    certainty: words || as === "InitContainerFails" ? "Certain" : "Likely",
    message: `${what} ${howItEnds(failed)}${words ? `, with the last words: ${words}` : ""}${changes ? `; ${changes}` : ""}.`,
    evidence: quoted(of, /exit code|BackOff/),
    remedy: `Read kubectl logs of container ${name} with --previous${words ? "" : ", where the application says why"}${changes ? `, and look at what ${isNew ? `container ${name} is` : "was changed"}` : ""}.`,
  };
}

export const livenessKills: Classifier = {
  explains: ["CrashLooping"],
  classify: (of) => {
    const killing = killingProbe(of);
    if (!killing) return undefined;
    return {
      class: "LivenessProbeKills",
      certainty: "Likely",
      message: `The kubelet kills container ${killing.container.name} ${formatDuration(killing.ranMs)} after its start, because ${nameProbe(killing)} fails.`,
      evidence: quoted(of, /probe/i),
      remedy: `Correct the ${killing.which} probe of container ${killing.container.name}, or what it finds wrong.`,
    };
  },
};

/** What exit codes say: those of shells and of signals (128 + the signal). */
const EXIT_CODES: Readonly<Record<number, string>> = {
  0: "it ended well, and a container of a Deployment must go on",
  1: "an error of the application's own",
  2: "an error of the application's own, or a wrong argument",
  126: "its command may not be executed",
  127: "its command was not found",
  128: "it could not be started",
  130: "interrupted, SIGINT",
  134: "aborted, SIGABRT: mostly a failed assertion",
  135: "SIGBUS: bad memory access",
  136: "SIGFPE: an arithmetic error",
  137: "killed, SIGKILL: by the kubelet or for its memory",
  139: "SIGSEGV: a segmentation fault",
  141: "SIGPIPE",
  143: "SIGTERM: it was told to end",
};

function howItEnds({ end }: FailedContainer): string {
  if (!end) return "ends again and again";
  const meaning = EXIT_CODES[end.exitCode];
  return `exits with code ${end.exitCode}${meaning ? ` (${meaning})` : ""} ${formatDuration(end.finishedAt - end.startedAt)} after its start`;
}
