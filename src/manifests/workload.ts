// What runs pods: Deployments and their like, seen as a pod template with containers.
import type { Field } from "./field.ts";
import { type Manifest, titleOf } from "./manifest.ts";

/** Main containers run side by side; init containers before them; sidecars are init containers that go on running. */
export type ContainerRole = "main" | "init" | "sidecar";

export interface Container {
  readonly name: string;
  readonly role: ContainerRole;
  readonly field: Field;
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly number: number;
  readonly name: string;
  /** TCP, UDP or SCTP. */
  readonly protocol: string;
  readonly field: Field;
}

export interface Workload {
  readonly manifest: Manifest;
  readonly title: string;
  /** The pod template; of a Pod the pod itself. */
  readonly template: Field;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  /** Runs to an end instead of serving: jobs, and hooks of Helm. */
  readonly isBatch: boolean;
}

const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec", "template"],
  "apps/StatefulSet": ["spec", "template"],
  "apps/DaemonSet": ["spec", "template"],
  "apps/ReplicaSet": ["spec", "template"],
  "extensions/Deployment": ["spec", "template"],
  "/ReplicationController": ["spec", "template"],
  "argoproj.io/Rollout": ["spec", "template"],
  "batch/Job": ["spec", "template"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template"],
  "/Pod": [],
};

/** The workload that the manifest is, or undefined. */
export function workloadOf(manifest: Manifest): Workload | undefined {
  const kind = `${manifest.group}/${manifest.kind}`;
  const path = Object.hasOwn(TEMPLATE_PATHS, kind) ? TEMPLATE_PATHS[kind] : undefined;
  if (path === undefined) return undefined;
  const template = manifest.root.at(...path);
  // A Rollout of Argo may take its template from a Deployment (workloadRef); a patch of kustomize has half of one.
  const hook = manifest.annotations["helm.sh/hook"] ?? "";
  // What only `helm test` runs is none of a rollout.
  if (!template.at("spec").isThere || hook.includes("test")) return undefined;
  return {
    manifest,
    title: titleOf(manifest),
    template,
    labels: template.at("metadata", "labels").texts(),
    containers: containersOf(template.at("spec")),
    isBatch: manifest.group === "batch" || hook !== "",
  };
}

/** Whether a change of it is a rollout: a Pod, a Job or a ReplicationController is replaced as a whole. */
export function isRolledOut({ manifest }: Workload): boolean {
  return ["Deployment", "StatefulSet", "DaemonSet", "Rollout"].includes(manifest.kind);
}

/** Containers that run as long as the pod. */
export function lastingContainers({ containers }: Workload): readonly Container[] {
  return containers.filter(({ role }) => role !== "init");
}

function containersOf(spec: Field): readonly Container[] {
  const init = spec.at("initContainers").items();
  return [
    ...spec
      .at("containers")
      .items()
      .map((field) => containerOf(field, "main")),
    ...init.map((field) =>
      containerOf(field, field.at("restartPolicy").text === "Always" ? "sidecar" : "init"),
    ),
  ];
}

function containerOf(field: Field, role: ContainerRole): Container {
  return { name: field.at("name").text ?? "(without a name)", role, field, ports: portsOf(field) };
}

function portsOf(container: Field): readonly ContainerPort[] {
  return container
    .at("ports")
    .items()
    .flatMap((field) => {
      const number = field.at("containerPort").number;
      if (number === undefined) return [];
      const protocol = field.at("protocol").text ?? "TCP";
      return [{ number, name: field.at("name").text ?? "", protocol, field }];
    });
}
