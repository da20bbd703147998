// A Secret or ConfigMap that the pods refer to and that is not there, or a key of one. Pure.
import type { CauseClass } from "../../api/causes.ts";
import type { ContainerTemplateView } from "../snapshot/template.ts";
import { type Case, type Cause, type Classifier, quoted, textOfFinding } from "./cause.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** The kubelet's words (pkg/kubelet/kubelet_pods.go, the secret and configmap volume plugins). */
const NO_OBJECT = /\b(secret|configmap)s? "([^"]+)" not found/i;
const NO_KEY = /couldn't find key (\S+) in (Secret|ConfigMap) [^/\s]*\/([^\s:;,]+)/i;
const NO_VOLUME_KEY = /references non-existent (secret|config) key: ?(\S+)/i;
const CLASSES: Readonly<Record<string, CauseClass>> = {
  Secret: "SecretMissing",
  ConfigMap: "ConfigMapMissing",
};

export const objectMissing: Classifier = {
  recognises: ["SecretMissing", "ConfigMapMissing", "KeyMissing"],
  explains: ["ContainerConfigError", "NotReady", "ProgressDeadlineExceeded"],
  classify: (of) => {
    const reported = textOfFinding(of);
    const key = NO_KEY.exec(reported);
    if (key) return missingKey(of, key[2] ?? "", key[3] ?? "", key[1] ?? "");
    const object = NO_OBJECT.exec(reported);
    if (object)
      return missing(
        of,
        /^s/i.test(object[1] ?? "") ? "Secret" : "ConfigMap",
        (object[2] ?? "").split("/").at(-1) ?? "",
      );
    const volumeKey = NO_VOLUME_KEY.exec(reported);
    if (volumeKey) {
      const kind = /^s/i.test(volumeKey[1] ?? "") ? "Secret" : "ConfigMap";
      return missingKey(of, kind, nameInVolumes(of, kind), volumeKey[2] ?? "");
    }
    return undefined;
  },
};

function missing(of: Case, kind: "Secret" | "ConfigMap", name: string): Cause {
  const users = usersOf(of, `${kind}/${name}`);
  const { baseline } = of.rollout;
  const isNew = baseline !== undefined && !baseline.template.references.includes(`${kind}/${name}`);
  return {
    class: CLASSES[kind] ?? "SecretMissing",
    certainty: "Certain",
    message: `${kind} ${name} does not exist${users.text}${isNew ? "; the rollout added the reference" : ""}.`,
    evidence: quoted(of, /not found/i),
    remedy: `Create ${kind} ${name}${users.keys.length > 0 ? ` with ${users.keys.length === 1 ? "key" : "the keys"} ${users.keys.join(", ")}` : ""} in this namespace before you deploy the release, or correct the name.`,
    patch: patchToFormer(of, `${kind}/${name}`),
  };
}

function missingKey(of: Case, kind: string, name: string, key: string): Cause {
  const users = usersOf(of, `${kind}/${name} key ${key}`);
  return {
    class: "KeyMissing",
    certainty: "Certain",
    message: `${kind} ${name} has no key ${key}${users.text}.`,
    evidence: quoted(of, /key/i),
    remedy: `Add key ${key} to ${kind} ${name}, or correct the key's name in the pod template.`,
    patch: patchToFormer(of, `${kind}/${name} key ${key}`),
  };
}

/** What needs it: variables, and volumes. */
function usersOf({ rollout }: Case, source: string) {
  const { containers, volumes } = rollout.revision.template;
  const [object = ""] = source.split(" key ");
  const variables = containers.flatMap((container) =>
    container.env.filter((each) => isFrom(each.source, source)).map((variable) => ({ container, variable })),
  );
  const keys = new Set(variables.map(({ variable }) => variable.source?.split(" key ")[1] ?? ""));
  const names = variables.map(
    ({ variable, container }) => `env ${variable.name} of container ${container.name}`,
  );
  const asAWhole = containers
    .filter(({ envFrom }) => envFrom.includes(object))
    .map(({ name }) => `envFrom of container ${name}`);
  const mounted = volumes
    .filter((volume) => volume.includes(object))
    .map((volume) => `volume ${volume.split(":")[0]}`);
  const users = [...names, ...asAWhole, ...mounted].slice(0, 3);
  return {
    keys: [...keys].slice(0, 5),
    text: users.length > 0 ? `, and ${users.join(" and ")} ${users.length > 1 ? "need" : "needs"} it` : "",
  };
}

function isFrom(source: string | undefined, wanted: string): boolean {
  return source !== undefined && (source === wanted || source.startsWith(`${wanted} key `));
}

/** Where a variable came from something else in the revision that worked, that. */
function patchToFormer({ rollout }: Case, source: string): string | undefined {
  for (const container of rollout.revision.template.containers) {
    const variable = container.env.find((each) => isFrom(each.source, source));
    const former = variable && formerSource(rollout.baseline?.template.containers, container, variable.name);
    const match = /^(Secret|ConfigMap)\/(.+) key (.+)$/.exec(former ?? "");
    if (!variable || !match || former === variable.source) continue;
    const field = match[1] === "Secret" ? "secretKeyRef" : "configMapKeyRef";
    const valueFrom = { [field]: { name: match[2], key: match[3] } };
    return patchOfContainer(rollout, container, { env: [{ name: variable.name, valueFrom }] });
  }
  return undefined;
}

function formerSource(
  containers: readonly ContainerTemplateView[] | undefined,
  { name }: ContainerTemplateView,
  variable: string,
): string | undefined {
  return containers?.find((each) => each.name === name)?.env.find((each) => each.name === variable)?.source;
}

function nameInVolumes({ rollout }: Case, kind: string): string {
  const volume = rollout.revision.template.volumes.find((each) => each.includes(`${kind}/`));
  return volume?.split(`${kind}/`)[1]?.split(",")[0] ?? "of a volume";
}
