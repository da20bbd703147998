// A container whose command cannot be run. Pure.
import { type Case, type Cause, type Classifier, quoted, textOfFinding } from "./cause.ts";
import { crashOf } from "./crashed-container.ts";
import { waitingContainer } from "./waiting-container.ts";

/** containerd's and runc's words, and those of shells. */
const NOT_THERE = /executable file not found|no such file or directory|not found in \$PATH/i;
const NOT_ALLOWED = /permission denied/i;
const OTHER_MACHINE = /exec format error/i;
const NAMED = /exec: "([^"]{1,200})"|stat (\/\S{1,200}):/;

export const commandNotRunnable: Classifier = {
  recognises: ["CommandNotRunnable"],
  explains: ["ContainerConfigError", "CrashLooping", "InitContainerFailing"],
  classify: (of) => {
    const crash = crashOf(of);
    const isStart =
      /StartError|ContainerCannotRun|RunContainerError|CreateContainerError/.test(textOfFinding(of)) ||
      crash?.end?.reason === "StartError";
    const code = crash?.end?.exitCode;
    const text = `${textOfFinding(of)}\n${crash?.end?.message ?? ""}`;
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
    ? "is built for another architecture (exec format error)"
    : NOT_ALLOWED.test(text) || code === 126
      ? "is not executable"
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
      ? `Build image ${container?.image ?? ""} for the architecture of the nodes, or select nodes of its architecture.`
      : `Correct the command and args of container ${name ?? "?"}, or add ${command ?? "the command"} to image ${container?.image ?? ""} as an executable file.`,
  };
}
