// What a mutating webhook adds to a pod, or to the pod template of a workload. Pure.
import type { Deployment, Pod, PodTemplate } from "../api-server/kinds.ts";
import type { KubeObject } from "../api-server/kube-object.ts";
import type { Injection } from "./webhook.ts";

/** The object with what is injected. */
export function injected(object: KubeObject, injection: Injection): KubeObject {
  return isWorkload(object) ? intoTemplate(object, injection) : intoPod(object as Pod, injection);
}

/** Deployments stand for all kinds that have a pod template. */
function isWorkload(object: KubeObject): object is Deployment {
  return (object["spec"] as { readonly template?: PodTemplate }).template !== undefined;
}

function intoPod(pod: Pod, injection: Injection): Pod {
  const { metadata, spec } = pod;
  return {
    ...pod,
    metadata: { ...metadata, ...marks(metadata, injection) },
    spec: podSpec(spec, injection),
  };
}

function intoTemplate(workload: Deployment, injection: Injection): Deployment {
  const { template } = workload.spec;
  const metadata = { ...template.metadata, ...marks(template.metadata, injection) };
  const spec = podSpec(template.spec, injection);
  return { ...workload, spec: { ...workload.spec, template: { ...template, metadata, spec } } };
}

function marks(metadata: PodTemplate["metadata"], { labels, annotations }: Injection) {
  return {
    ...(labels && { labels: { ...metadata?.labels, ...labels } }),
    ...(annotations && { annotations: { ...metadata?.annotations, ...annotations } }),
  };
}

function podSpec(spec: Pod["spec"], injection: Injection): Pod["spec"] {
  const { containers = [], initContainers = [], volumes = [], readinessGates = [] } = injection;
  const gates = readinessGates.map((conditionType) => ({ conditionType }));
  return {
    ...spec,
    containers: [...spec.containers, ...missingIn(spec.containers, containers)],
    ...(initContainers.length > 0 && {
      initContainers: [...missingIn(spec.initContainers, initContainers), ...(spec.initContainers ?? [])],
    }),
    ...(volumes.length > 0 && { volumes: [...(spec.volumes ?? []), ...missingIn(spec.volumes, volumes)] }),
    ...(gates.length > 0 && { readinessGates: [...(spec.readinessGates ?? []), ...gates] }),
  };
}

/** What an earlier update has brought is not added again. */
function missingIn<T extends { readonly name: string }>(
  present: readonly T[] = [],
  added: readonly T[],
): readonly T[] {
  return added.filter(({ name }) => !present.some((one) => one.name === name));
}
