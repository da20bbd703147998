// LimitRanges: requests and limits for containers that state none, and refusals of those that state too much or little.
import type { Container, LimitRange, LimitRangeItem, Pod, PodSpec } from "../../api-server/kinds.ts";
import type { KubeObject, Texts } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { parseQuantity } from "../../api-server/quantity.ts";
import type { Admission, Mutation } from "../../api-server/writing/registry.ts";

const ANNOTATION = "kubernetes.io/limit-ranger";

/** The plugin that fills in defaults. Only limits for containers are played. */
export function createLimitRangeDefaults(objects: ApiObjects): Mutation {
  return (resource, object) => {
    if (resource.id !== "pods") return object;
    let pod = object as Pod;
    for (const item of containerItems(objects, object)) pod = withDefaults(pod, item);
    return pod;
  };
}

/** The plugin that refuses containers outside of the limits. */
export function createLimitRangeAdmission(objects: ApiObjects): Admission {
  return (resource, object) => {
    if (resource.id !== "pods") return undefined;
    const { containers, initContainers = [] } = (object as Pod).spec;
    const faults = containerItems(objects, object).flatMap((item) =>
      [...containers, ...initContainers].flatMap((container) => faultsOf(container, item)),
    );
    if (faults.length === 0) return undefined;
    return faults.length === 1 ? faults[0] : `[${faults.join(", ")}]`;
  };
}

function containerItems(objects: ApiObjects, { metadata }: KubeObject): readonly LimitRangeItem[] {
  const ranges: Iterable<LimitRange> = objects.values("limitranges", metadata.namespace ?? "");
  return [...ranges].flatMap(({ spec }) => spec.limits.filter(({ type }) => type === "Container"));
}

function withDefaults(pod: Pod, item: LimitRangeItem): Pod {
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  const reported: string[] = [];
  const complete = (container: Container): Container => {
    const own = container.resources ?? {};
    const missingLimits = without(limits, own.limits);
    const missingRequests = without(requests, { ...own.limits, ...own.requests });
    for (const [kind, names] of [
      ["request", Object.keys(missingRequests).sort()],
      ["limit", Object.keys(missingLimits).sort()],
    ] as const) {
      if (names.length > 0) reported.push(`${names.join(", ")} ${kind} for container ${container.name}`);
    }
    if (Object.keys({ ...missingLimits, ...missingRequests }).length === 0) return container;
    const resources = {
      limits: { ...missingLimits, ...own.limits },
      requests: { ...missingRequests, ...own.limits, ...own.requests },
    };
    return { ...container, resources };
  };
  const { initContainers } = pod.spec;
  const spec: PodSpec = {
    ...pod.spec,
    containers: pod.spec.containers.map(complete),
    ...(initContainers && { initContainers: initContainers.map(complete) }),
  };
  if (reported.length === 0) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${reported.join("; ")}`,
  };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
}

function without(texts: Texts, present: Texts | undefined): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => present?.[name] === undefined));
}

function faultsOf({ resources }: Container, { min = {}, max = {} }: LimitRangeItem): string[] {
  const { limits = {}, requests = limits } = resources ?? {};
  const faults: string[] = [];
  for (const [name, bound] of Object.entries(min)) {
    const value = requests[name] ?? limits[name];
    const text = `minimum ${name} usage per Container is ${bound}`;
    if (value === undefined) faults.push(`${text}. No request is specified`);
    else if (parseQuantity(value) < parseQuantity(bound)) faults.push(`${text}, but request is ${value}`);
  }
  for (const [name, bound] of Object.entries(max)) {
    const value = limits[name];
    const text = `maximum ${name} usage per Container is ${bound}`;
    if (value === undefined) faults.push(`${text}. No limit is specified`);
    else if (parseQuantity(value) > parseQuantity(bound)) faults.push(`${text}, but limit is ${value}`);
  }
  return faults;
}
