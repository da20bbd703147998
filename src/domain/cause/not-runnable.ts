// A container whose command cannot be run, or that the node refuses to make. Pure.
import { type Case, type Cause, type Classifier, quoted, toldIn } from "./cause.ts";
import { crashOf } from "./crash.ts";
import { podsOf } from "./failing-probe.ts";

/** containerd's and runc's words, and those of shells. */
const NOT_THERE = /executable file not found|no such file or directory|not found in \$PATH/i;
const NOT_ALLOWED = /permission denied/i;
const OTHER_MACHINE = /exec format error/i;
const NAMED = /exec: "([^"]{1,200})"|stat (\/\S{1,200}):/;

export const commandNotRunnable: Classifier = {
  explains: ["ContainerConfigError", "CrashLooping", "InitContainerFailing"],
  classify: (of) => {
    const crash = crashOf(of);
    const isStart =
      /StartError|ContainerCannotRun|RunContainerError|CreateContainerError/.test(toldIn(of)) ||
      crash?.end?.reason === "StartError";
    const code = crash?.end?.exitCode;
    const text = `${toldIn(of)}\n${crash?.end?.message ?? ""}`;
    if (!isStart && code !== 126 && code !== 127 && !OTHER_MACHINE.test(text)) return undefined;
    if (isStart && !NOT_THERE.test(text) && !NOT_ALLOWED.test(text) && !OTHER_MACHINE.test(text))
      return undefined;
    return causeOf(of, text, code);
  },
};

function causeOf(of: Case, text: string, code: number | undefined): Cause {
  const { rollout } = of;
  const name = crashOf(of)?.container.name ?? waitingContainer(of);
  const container = rollout.revision.template.containers.find((each) => each.name === name);
  const before = rollout.baseline?.template.containers.find((each) => each.name === name);
  const named = NAMED.exec(text);
  const command = named?.[1] ?? named?.[2];
  const what = OTHER_MACHINE.test(text)
    ? "is for another kind of machine (exec format error)"
    : NOT_ALLOWED.test(text) || code === 126
      ? "may not be executed"
      : "is not in the image";
  const changed = [
    ...(before && container && before.commandKey !== container.commandKey ? ["command or arguments"] : []),
    ...(before && container && before.image !== container.image
      ? [`image (${before.image} → ${container.image})`]
      : []),
  ];
  return {
    class: "CommandNotRunnable",
    certainty: named || OTHER_MACHINE.test(text) ? "Certain" : "Likely",
    message:
      `The command ${command ?? ""} of container ${name ?? "?"} ${what}${code === 126 || code === 127 ? ` (exit code ${code})` : ""}${changed.length > 0 ? `; the rollout changed its ${changed.join(" and ")}` : ""}.`.replace(
        "command  of",
        "command of",
      ),
    evidence: quoted(of, /exec|exit code|StartError|RunContainerError|CreateContainerError/i),
    remedy: OTHER_MACHINE.test(text)
      ? `Build image ${container?.image ?? ""} for the nodes' architecture, or select nodes that fit it.`
      : `Correct command and args of container ${name ?? "?"}, or put ${command ?? "the command"} into image ${container?.image ?? ""} as an executable file.`,
  };
}

const REASONS =
  /(?:CreateContainerConfigError|CreateContainerError|RunContainerError|PreStartHookError|PostStartHookError|StartError): (.{1,500})/;

export const containerRefused: Classifier = {
  explains: ["ContainerConfigError"],
  classify: (of) => {
    const said = REASONS.exec(toldIn(of))?.[1];
    const name = waitingContainer(of) ?? crashOf(of)?.container.name;
    if (said === undefined) return undefined;
    const isRoot = /runAsNonRoot|run as root/i.test(said);
    return {
      class: "ContainerRefused",
      certainty: "Certain",
      message: `The node refuses to make container ${name ?? "?"}: ${said.trim()}`,
      evidence: quoted(of, REASONS),
      remedy: isRoot
        ? `Set securityContext.runAsUser of container ${name ?? "?"} to a user other than 0, or build its image with one.`
        : `Correct what container ${name ?? "?"} asks for, as the message says.`,
    };
  },
};

/** The container that waits for more than its turn. */
function waitingContainer(of: Case): string | undefined {
  for (const { containers } of podsOf(of)) {
    const waiting = containers.find(
      ({ state }) =>
        state.is === "waiting" && state.reason !== "PodInitializing" && state.reason !== "ContainerCreating",
    );
    if (waiting) return waiting.name;
  }
  return /\bcontainer ([a-z0-9][-a-z0-9]*):/.exec(toldIn(of))?.[1];
}
