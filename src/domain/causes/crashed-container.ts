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
    ? "the rollout added it"
    : changed.length > 0
      ? `the rollout changed its ${changed.join(", ")}`
      : "";
  return {
    class: as,
    certainty: words || as === "InitContainerFails" ? "Certain" : "Likely",
    message: `${what} ${exitText(failed)}${words ? `, with the last message: ${words}` : ""}${changes ? `; ${changes}` : ""}.`,
    evidence: quoted(of, /exit code|BackOff/),
    remedy: `Read the logs of container ${name} (kubectl logs --previous)${words ? "" : ", which can say why"}${changes ? `, and check ${isNew ? "why the container was added" : "what changed"}` : ""}.`,
  };
}

/** What exit codes say: those of shells and of signals (128 + the signal). */
const EXIT_CODES: Readonly<Record<number, string>> = {
  0: "success, but a container of a Deployment must keep running",
  1: "an application error",
  2: "an application error or a wrong argument",
  126: "its command is not executable",
  127: "its command was not found",
  128: "it could not start",
  130: "interrupted, SIGINT",
  134: "aborted, SIGABRT: usually a failed assertion",
  135: "SIGBUS: bad memory access",
  136: "SIGFPE: arithmetic error",
  137: "killed, SIGKILL: by the kubelet or for exceeding its memory",
  139: "SIGSEGV: segmentation fault",
  141: "SIGPIPE",
  143: "SIGTERM: it was asked to stop",
};

/** "exits with code 1 (an application error) 3s after its start" */
export function exitText({ end }: FailedContainer): string {
  if (!end) return "keeps exiting";
  const meaning = EXIT_CODES[end.exitCode];
  return `exits with code ${end.exitCode}${meaning ? ` (${meaning})` : ""} ${formatDuration(end.finishedAt - end.startedAt)} after its start`;
}
