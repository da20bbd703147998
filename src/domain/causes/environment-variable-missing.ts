// A container that ends because an environment variable is not set. Pure.
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Case, type Classifier, quoted } from "./cause.ts";
import { crashOf, exitText, templatesOf } from "./crashed-container.ts";
import { killingProbe } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** What applications say of a variable that is not set: the name stands before or after. */
const NAME = "[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*";
const MISSING_ENV: readonly RegExp[] = [
  new RegExp(
    `\\b(${NAME})\\b[^\\n]{0,60}?\\b(?:not set|unset|undefined|missing|required|is empty|must be set|not defined|not found|not provided)`,
  ),
  /(?:missing|required|undefined|unset|no|KeyError:?|set)\b[^\n]{0,60}?['"`$]?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/i,
];

export const environmentVariableMissing: Classifier = {
  recognises: ["EnvironmentVariableMissing"],
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
      ? `the rollout removed it from container ${crash.container.name}`
      : has(name)
        ? `its value in container ${crash.container.name} is empty or not usable`
        : `container ${crash.container.name} does not set it`;
    return {
      class: "EnvironmentVariableMissing",
      certainty: said !== undefined && !has(name) ? "Certain" : "Likely",
      message:
        said === undefined
          ? `The new revision no longer sets ${[name, ...others].join(", ")} for container ${crash.container.name}, and it ${exitText(crash)}.`
          : `${name} is not set, according to the application: ${why}, and it ${exitText(crash)}.`,
      evidence: quoted(of, /exit code/),
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
