// What the levels of Pod Security forbid, as far as applications commonly run into it, in the API server's words. Pure.
import type { Container, PodSpec } from "../api-server/kinds.ts";

interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type?: string };
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

const ALLOWED_PROFILES = ["RuntimeDefault", "Localhost"];

/** One sentence for each rule that is broken; empty when the pod is allowed. */
export function violationsOf(spec: PodSpec, level: "baseline" | "restricted"): readonly string[] {
  const broken = [...baseline(spec), ...(level === "restricted" ? restricted(spec) : [])];
  return broken.filter((violation) => violation !== undefined);
}

function baseline(spec: PodSpec): (string | undefined)[] {
  const namespaces = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true);
  const hostPaths = (spec.volumes ?? []).filter((volume) => "hostPath" in volume).map(({ name }) => name);
  return [
    namespaces.length > 0
      ? `host namespaces (${namespaces.map((field) => `${field}=true`).join(", ")})`
      : undefined,
    hostPaths.length > 0 ? `hostPath volumes (${plural("volume", hostPaths)})` : undefined,
    forContainers(
      "privileged",
      containersWhere(spec, (container) => contextOf(container).privileged === true),
      "must not set securityContext.privileged=true",
    ),
  ];
}

function restricted(spec: PodSpec): (string | undefined)[] {
  const pod = contextOf(spec);
  const roots = containersWhere(
    spec,
    (container) => (contextOf(container).runAsNonRoot ?? pod.runAsNonRoot) !== true,
  );
  const unprofiled = containersWhere(
    spec,
    (container) =>
      !ALLOWED_PROFILES.includes((contextOf(container).seccompProfile ?? pod.seccompProfile)?.type ?? ""),
  );
  const capable = containersWhere(
    spec,
    (container) => !contextOf(container).capabilities?.drop?.includes("ALL"),
  );
  const escalating = containersWhere(
    spec,
    (container) => contextOf(container).allowPrivilegeEscalation !== false,
  );
  return [
    forContainers(
      "allowPrivilegeEscalation != false",
      escalating,
      "must set securityContext.allowPrivilegeEscalation=false",
    ),
    forContainers("unrestricted capabilities", capable, 'must set securityContext.capabilities.drop=["ALL"]'),
    forContainers("runAsNonRoot != true", roots, "must set securityContext.runAsNonRoot=true", "pod or "),
    pod.runAsUser === 0 ? "runAsUser=0 (pod must not set runAsUser=0)" : undefined,
    forContainers(
      "seccompProfile",
      unprofiled,
      'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"',
      "pod or ",
    ),
  ];
}

function contextOf(object: PodSpec | Container): SecurityContext {
  return (object["securityContext"] ?? {}) as SecurityContext;
}

function containersWhere(spec: PodSpec, isBroken: (container: Container) => boolean): readonly string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].filter(isBroken).map(({ name }) => name);
}

function forContainers(
  rule: string,
  names: readonly string[],
  demand: string,
  before = "",
): string | undefined {
  if (names.length === 0) return undefined;
  return `${rule} (${before}${plural("container", names)} ${demand})`;
}

function plural(noun: string, names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  return `${noun}${names.length === 1 ? "" : "s"} ${quoted}`;
}
