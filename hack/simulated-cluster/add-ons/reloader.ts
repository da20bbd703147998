// Reloader: restarts Deployments when a ConfigMap or Secret that they use changes, by a mark in their template.
import { createHash } from "node:crypto";
import type { Container, DataObject, Deployment, PodTemplate } from "../api-server/kinds.ts";
import { isSameJson } from "../api-server/kube-object.ts";
import { createEventRecorder } from "../controllers/events/event-recorder.ts";
import type { SimulatedCluster } from "../simulated-cluster.ts";

export interface ReloaderOptions {
  /** Where it puts its mark. Default: an environment variable, which is Reloader's own default. */
  readonly strategy?: "env-vars" | "annotations";
}

const AUTO = "reloader.stakater.com/auto";
const MARK = "reloader.stakater.com/last-reloaded-from";
/** From the change to the restart (ms). */
const REACTS_AFTER_MS = 200;

type Type = "CONFIGMAP" | "SECRET";

/** Restarts the Deployments with its annotation `auto`, until the cluster's time stops. */
export function startReloader(
  cluster: SimulatedCluster,
  { strategy = "env-vars" }: ReloaderOptions = {},
): void {
  const { parts } = cluster;
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "reloader" });

  for (const [resource, type] of [
    ["configmaps", "CONFIGMAP"],
    ["secrets", "SECRET"],
  ] as const) {
    objects.subscribe(resource, ({ type: change, object, previous }) => {
      if (change !== "MODIFIED" || isSameJson(object["data"], previous?.["data"])) return;
      time.after(REACTS_AFTER_MS, () => reload(type, object as DataObject));
    });
  }

  function reload(type: Type, source: DataObject): void {
    const { name, namespace = "" } = source.metadata;
    for (const deployment of objects.list("deployments", namespace)) {
      const container = userOf(deployment, type, name);
      if (deployment.metadata.annotations?.[AUTO] !== "true" || container === undefined) continue;
      const hash = createHash("sha1")
        .update(JSON.stringify(source.data ?? {}))
        .digest("hex");
      const mark = { type, name, namespace, hash, containerRefs: [container.name] };
      const template =
        strategy === "annotations"
          ? withAnnotation(deployment.spec.template, { ...mark, observedAt: Math.floor(time.now() / 1_000) })
          : withVariable(deployment.spec.template, container, variableFor(name, type), hash);
      objects.update("deployments", { ...deployment, spec: { ...deployment.spec, template } });
      const changed = `Changes detected in '${name}' of type '${type}' in namespace '${namespace}'`;
      const updated = `Updated '${deployment.metadata.name}' of type 'Deployment' in namespace '${namespace}'`;
      recorder.record(deployment, "Normal", "Reloaded", `${changed}, ${updated}`);
    }
  }
}

/** The first container that uses it: by environment, or because the pod mounts it. */
function userOf({ spec }: Deployment, type: Type, name: string): Container | undefined {
  const { containers, volumes = [] } = spec.template.spec;
  const isMounted = volumes.some(({ configMap, secret }) =>
    type === "CONFIGMAP" ? configMap?.name === name : secret?.secretName === name,
  );
  const uses = ({ env = [], envFrom = [] }: Container): boolean =>
    type === "CONFIGMAP"
      ? env.some(({ valueFrom }) => valueFrom?.configMapKeyRef?.name === name) ||
        envFrom.some(({ configMapRef }) => configMapRef?.name === name)
      : env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === name) ||
        envFrom.some(({ secretRef }) => secretRef?.name === name);
  return containers.find(uses) ?? (isMounted ? containers[0] : undefined);
}

function withAnnotation(template: PodTemplate, mark: object): PodTemplate {
  const annotations = { ...template.metadata?.annotations, [MARK]: JSON.stringify(mark) };
  return { ...template, metadata: { ...template.metadata, annotations } };
}

function withVariable(template: PodTemplate, container: Container, name: string, value: string): PodTemplate {
  const containers = template.spec.containers.map((each) => {
    if (each.name !== container.name) return each;
    const others = (each.env ?? []).filter((variable) => variable.name !== name);
    return { ...each, env: [...others, { name, value }] };
  });
  return { ...template, spec: { ...template.spec, containers } };
}

/** "shop-settings" gives "STAKATER_SHOP_SETTINGS_CONFIGMAP". */
function variableFor(name: string, type: Type): string {
  return `STAKATER_${name.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_${type}`;
}
