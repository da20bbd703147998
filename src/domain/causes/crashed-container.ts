// The container of a finding that ends by itself, and how it ends. Pure.
import { formatDuration } from "../../api/duration.ts";
import { changedInContainer } from "../changes/container-changes.ts";
import { MASK } from "../masking/mask.ts";
import { type FailedContainer, failingContainer } from "../rollout/crashes.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Case, type Cause, quoted } from "./cause.ts";
import { podsOf } from "./failing-probe.ts";

/** The finding's container with the most failures. */
export function crashOf(of: Case): FailedContainer | undefined {
  return podsOf(of)
    .flatMap((pod) => failingContainer(pod, of.now) ?? [])
    .sort((a, b) => b.failures - a.failures || (b.end?.message ? 1 : 0) - (a.end?.message ? 1 : 0))[0];
}

/** The container's template, and that of the revision that worked. */
export function templatesOf({ rollout }: Case, name: string) {
  const named = (containers: readonly ContainerTemplateView[] | undefined) =>
    containers?.find((each) => each.name === name);
  return {
    container: named(rollout.revision.template.containers),
    before: named(rollout.baseline?.template.containers),
  };
}

/** The cause that a container ends, whatever makes it: its last words, and what the rollout changed in it. */
export function crashCause(of: Case, as: "InitContainerFails" | "ContainerCrashes"): Cause | undefined {
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

/** "exits with code 1 (an error of the application's own) 3s after its start" */
export function howItEnds({ end }: FailedContainer): string {
  if (!end) return "ends again and again";
  const meaning = EXIT_CODES[end.exitCode];
  return `exits with code ${end.exitCode}${meaning ? ` (${meaning})` : ""} ${formatDuration(end.finishedAt - end.startedAt)} after its start`;
}
