// What a mutating webhook adds to a pod. Pure.
import type { Pod } from "../api-server/kinds.ts";
import type { Injection } from "./webhook.ts";

export function injected({ metadata, spec, ...rest }: Pod, injection: Injection): Pod {
  const { containers = [], initContainers = [], volumes = [], readinessGates = [] } = injection;
  const gates = readinessGates.map((conditionType) => ({ conditionType }));
  return {
    ...rest,
    metadata: {
      ...metadata,
      ...(injection.labels && { labels: { ...metadata.labels, ...injection.labels } }),
      ...(injection.annotations && { annotations: { ...metadata.annotations, ...injection.annotations } }),
    },
    spec: {
      ...spec,
      containers: [...spec.containers, ...containers],
      ...(initContainers.length > 0 && {
        initContainers: [...initContainers, ...(spec.initContainers ?? [])],
      }),
      ...(volumes.length > 0 && { volumes: [...(spec.volumes ?? []), ...volumes] }),
      ...(gates.length > 0 && { readinessGates: [...(spec.readinessGates ?? []), ...gates] }),
    },
  };
}
