// Pod templates: raw JSON → TemplateView, and the keys that say whether two templates are the same.

import { isRestartMark, isRestartVariable } from "../../domain/changes/restart-marks.ts";
import type { ScrapeTarget } from "../../domain/snapshot/asked-pod.ts";
import type {
  ContainerKind,
  ContainerTemplateView,
  EnvVariableView,
  Prints,
  TemplateView,
} from "../../domain/snapshot/template.ts";
import { boundedText } from "../bounded-text.ts";
import {
  asInteger,
  asList,
  asName,
  asObject,
  asText,
  asTexts,
  isObject,
  type RawObject,
} from "../objects.ts";
import { referencesOf } from "../pod-references.ts";
import { canonicalJson, identityOf } from "./canonical-json.ts";
import { contentFingerprint } from "./content-fingerprint.ts";
import { projectProbe } from "./probe.ts";
import { sharedPart } from "./shared-part.ts";
import { sharedText } from "./shared-text.ts";

/** The label by which the Deployment controller tells the pods of its revisions apart. */
export const HASH_LABEL = "pod-template-hash";

/** How many containers of a pod are looked at, init containers apart: far more than a node could start. */
export const MOST_CONTAINERS = 200;
/** How many ports, variables and references of a template are remembered. */
const MOST_DETAILS = 500;

/** By what templates are compared; equal keys mean equal templates. */
export interface TemplateKeys {
  /** Identity of the template; that of a workload and that of its current revision are equal. */
  readonly templateKey: string;
  /** The same without restart marks: annotations and variables that nothing reads. */
  readonly contentKey: string;
}

/** The keys of a pod template of a workload or of a revision. */
export function templateKeys(rawTemplate: unknown): TemplateKeys {
  const template = asObject(rawTemplate);
  const metadata = asObject(template.metadata);
  const { [HASH_LABEL]: _hash, ...labels } = asObject(metadata.labels);
  // A workload and its revisions, and releases that are restarts, have keys in common.
  const templateKey = sharedText(identityOf({ ...template, metadata: { ...metadata, labels } }));
  const spec = withoutRestartVariables(asObject(template.spec));
  const annotations = withoutRestartMarks(asObject(metadata.annotations));
  if (spec === undefined && annotations === undefined) return { templateKey, contentKey: templateKey };
  // An empty map and none mean the same.
  const kept = annotations ?? asObject(metadata.annotations);
  const { annotations: _all, ...others } = metadata;
  const content = {
    ...template,
    spec: spec ?? template.spec,
    metadata: { ...others, labels, ...(Object.keys(kept).length > 0 && { annotations: kept }) },
  };
  return { templateKey, contentKey: sharedText(identityOf(content)) };
}

/** The annotations that something reads; undefined when all are. */
function withoutRestartMarks(annotations: RawObject): RawObject | undefined {
  const entries = Object.entries(annotations);
  const kept = entries.filter(([name]) => !isRestartMark(name));
  return kept.length === entries.length ? undefined : Object.fromEntries(kept);
}

/** The pod's spec without what a restart controller writes into the environment; undefined when there is none. */
function withoutRestartVariables(spec: RawObject): RawObject | undefined {
  let isChanged = false;
  const lists = (["initContainers", "containers"] as const).map((list) => {
    const containers = asList(spec[list]).map((raw) => {
      const container = asObject(raw);
      const env = asList(container.env);
      const kept = env.filter((variable) => !isRestartVariable(asText(asObject(variable).name)));
      if (kept.length === env.length) return raw;
      isChanged = true;
      const { env: _env, ...others } = container;
      return kept.length > 0 ? { ...others, env: kept } : others;
    });
    return [list, containers] as const;
  });
  return isChanged
    ? { ...spec, ...Object.fromEntries(lists.filter(([list]) => spec[list] !== undefined)) }
    : undefined;
}

/** What the decision needs of a pod template. */
export function projectTemplate(rawTemplate: unknown): TemplateView {
  const template = asObject(rawTemplate);
  const spec = asObject(template.spec);
  const { [HASH_LABEL]: _hash, ...labels } = asTexts(asObject(template.metadata).labels);
  const initContainers = firstOf(spec.initContainers, MOST_CONTAINERS);
  const containers = firstOf(spec.containers, MOST_CONTAINERS);
  // Most releases change nothing but images.
  const frame = {
    ...spec,
    initContainers: withoutImages(spec.initContainers),
    containers: withoutImages(spec.containers),
  };
  const others = sharedPart("template", { labels, frame }, () => ({
    labels,
    hasReadinessGates: asList(spec.readinessGates).length > 0,
    schedulingKey: schedulingKeyOf(spec),
    references: referencesOf(spec).slice(0, MOST_DETAILS).map(sharedText),
    volumes: firstOf(spec.volumes, MOST_DETAILS).map(volumeText),
    volumePrints: volumePrintsOf(spec),
    otherFields: printsOf(spec, (field) => !KNOWN_FIELDS.has(field)),
  }));
  const scrape = scrapeTargetOf(asObject(asObject(template.metadata).annotations));
  // Field by field: an object made by spreading takes twice the memory.
  const view = {
    labels: others.labels,
    hasReadinessGates: others.hasReadinessGates,
    schedulingKey: others.schedulingKey,
    references: others.references,
    volumes: others.volumes,
    volumePrints: others.volumePrints,
    annotations: annotationsOf(template),
    otherFields: others.otherFields,
    containers: initContainers
      .map((raw) => projectContainer(raw, initKindOf(raw)))
      .concat(containers.map((raw) => projectContainer(raw, "app"))),
  };
  return scrape ? { ...view, scrape } : view;
}

/** The annotations by which Prometheus finds pods; of one that says no to it, nothing. */
function scrapeTargetOf(annotations: RawObject): ScrapeTarget | undefined {
  const [scrape, port, path] = ["scrape", "port", "path"].map((name) => annotations[`prometheus.io/${name}`]);
  if (scrape === "false" || (scrape === undefined && port === undefined)) return undefined;
  const number = Number(port);
  return {
    ...(Number.isInteger(number) && number > 0 && number <= 65_535 && { port: number }),
    path: typeof path === "string" && path.startsWith("/") ? boundedText(path) : "/metrics",
  };
}

function annotationsOf(template: RawObject): Prints {
  const annotations = asObject(asObject(template.metadata).annotations);
  return sharedPart("annotations", annotations, () => printsOf(annotations, () => true));
}

function volumePrintsOf(spec: RawObject): Prints {
  const volumes = firstOf(spec.volumes, MOST_DETAILS).map(asObject);
  return Object.fromEntries(
    volumes.map((volume) => [sharedText(asText(volume.name)), contentFingerprint(volume)]),
  );
}

/** Fields of a pod's spec and of a container that are kept by themselves, or tell nothing of the release. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set(["initContainers", "containers", "volumes"]);
const KNOWN_CONTAINER_FIELDS: ReadonlySet<string> = new Set(
  (
    "name image ports readinessProbe livenessProbe startupProbe env envFrom " +
    "command args resources volumeMounts restartPolicy"
  ).split(" "),
);
/** Those of which the variables, or the whole, are kept one by one. */
const FIELDS_KEPT_WHOLE: ReadonlySet<string> = new Set(["name", "image", "env"]);
const MOST_FIELDS = 100;

function printsOf(object: RawObject, isWanted: (field: string) => boolean): Prints {
  const fields = Object.keys(object).filter(isWanted).sort().slice(0, MOST_FIELDS);
  return Object.fromEntries(fields.map((field) => [sharedText(field), contentFingerprint(object[field])]));
}

/** "settings: ConfigMap/web"; of other kinds only what they are: "cache: emptyDir". */
function volumeText(raw: unknown): string {
  const { name, ...source } = asObject(raw);
  const references = referencesOf({ volumes: [source] });
  const kind = references.length > 0 ? references.join(", ") : (Object.keys(source)[0] ?? "emptyDir");
  return boundedText(`${asText(name)}: ${kind}`);
}

function withoutImages(containers: unknown): readonly RawObject[] {
  return asList(containers).map((raw) => {
    const { image: _image, ...others } = asObject(raw);
    return others;
  });
}

function firstOf(list: unknown, most: number): readonly unknown[] {
  const items = asList(list);
  return items.length > most ? items.slice(0, most) : items;
}

/** An init container that keeps running beside the application is a sidecar. */
export function initKindOf(rawContainer: unknown): ContainerKind {
  return asObject(rawContainer).restartPolicy === "Always" ? "sidecar" : "init";
}

function projectContainer(raw: unknown, kind: ContainerKind): ContainerTemplateView {
  const { image, ...others } = asObject(raw);
  const settings = sharedPart(`${kind} container`, others, () => projectSettings(others, kind));
  return {
    name: settings.name,
    kind,
    image: sharedText(asText(image)),
    ports: settings.ports,
    readiness: settings.readiness,
    liveness: settings.liveness,
    startup: settings.startup,
    env: settings.env,
    envFrom: settings.envFrom,
    commandKey: settings.commandKey,
    resources: settings.resources,
    mounts: settings.mounts,
    knownFields: settings.knownFields,
    otherFields: settings.otherFields,
  };
}

function projectSettings(container: RawObject, kind: ContainerKind): Omit<ContainerTemplateView, "image"> {
  const ports = firstOf(container.ports, MOST_DETAILS).map((rawPort) => {
    const port = asObject(rawPort);
    return { name: asName(port.name), port: asInteger(port.containerPort) };
  });
  const { command, args } = container;
  return {
    name: sharedText(asText(container.name)),
    kind,
    ports,
    readiness: projectProbe(container.readinessProbe, ports),
    liveness: projectProbe(container.livenessProbe, ports),
    startup: projectProbe(container.startupProbe, ports),
    env: firstOf(container.env, MOST_DETAILS).map(variableOf),
    envFrom: firstOf(container.envFrom, MOST_DETAILS).flatMap((source) =>
      referencesOf({ containers: [{ envFrom: [source] }] }).map(sharedText),
    ),
    commandKey: identityOf({ command, args }),
    resources: resourcesOf(asObject(container.resources)).slice(0, MOST_DETAILS).map(sharedText),
    mounts: firstOf(container.volumeMounts, MOST_DETAILS).map((mount) => {
      const { name, mountPath } = asObject(mount);
      return sharedText(`${asText(name)} at ${asText(mountPath)}`);
    }),
    knownFields: printsOf(
      container,
      (field) => KNOWN_CONTAINER_FIELDS.has(field) && !FIELDS_KEPT_WHOLE.has(field),
    ),
    otherFields: printsOf(container, (field) => !KNOWN_CONTAINER_FIELDS.has(field)),
  };
}

function variableOf(raw: unknown): EnvVariableView {
  const variable = asObject(raw);
  return {
    name: sharedText(asText(variable.name)),
    source: sourceOf(asObject(variable.valueFrom)),
    print: contentFingerprint(raw),
  };
}

function sourceOf({
  secretKeyRef,
  configMapKeyRef,
  fieldRef,
  resourceFieldRef,
}: RawObject): string | undefined {
  for (const [kind, reference] of [
    ["Secret", secretKeyRef],
    ["ConfigMap", configMapKeyRef],
  ] as const) {
    const { name, key } = asObject(reference);
    if (isObject(reference)) return boundedText(`${kind}/${asText(name)} key ${asText(key)}`);
  }
  return fieldRef === undefined && resourceFieldRef === undefined ? undefined : "the pod itself";
}

function resourcesOf(resources: RawObject): string[] {
  return ["limits", "requests"]
    .flatMap((side) =>
      Object.entries(asObject(resources[side])).map(
        ([name, amount]) => `${side}.${name}=${amountText(amount)}`,
      ),
    )
    .sort();
}

/** Quantities are texts or numbers. */
function amountText(amount: unknown): string {
  return typeof amount === "string" ? amount : canonicalJson(amount);
}

function schedulingKeyOf(spec: RawObject): string {
  const containers = [...asList(spec.initContainers), ...asList(spec.containers)].map((raw) => {
    const { resources, ports } = asObject(raw);
    const { limits, requests } = asObject(resources);
    return {
      // The pod's request is its limit where only that is given.
      requests: { ...asObject(limits), ...asObject(requests) },
      hostPorts: asList(ports)
        .map((port) => asObject(port).hostPort)
        .filter((port) => port !== undefined),
    };
  });
  const claims = asList(spec.volumes).map(
    (volume) => asObject(asObject(volume).persistentVolumeClaim).claimName,
  );
  return identityOf({
    containers,
    claims: claims.filter((claim) => claim !== undefined),
    affinity: spec.affinity,
    hostNetwork: spec.hostNetwork,
    nodeName: spec.nodeName,
    nodeSelector: spec.nodeSelector,
    overhead: spec.overhead,
    priorityClassName: spec.priorityClassName,
    runtimeClassName: spec.runtimeClassName,
    schedulerName: spec.schedulerName,
    tolerations: spec.tolerations,
    topologySpreadConstraints: spec.topologySpreadConstraints,
  });
}
