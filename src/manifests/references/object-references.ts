// Which other objects an object needs by name, ConfigMaps and Secrets aside.
import type { Field } from "../field.ts";
import type { Inventory } from "../inventory.ts";
import { type Manifest, titleOf } from "../manifest.ts";
import type { Workload } from "../workload.ts";

export interface ObjectReference {
  readonly from: Manifest;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined: that of the object itself. Null: the kind has none. */
  readonly namespace?: string | null | undefined;
  /** Where the name stands. */
  readonly field: Field;
  /** Such as "Deployment web runs as". */
  readonly says: string;
  /** What follows when it is missing. */
  readonly without: string;
  /** Whoever ships one ships the other: a missing one is a fault where others of its kind are here. */
  readonly isShippedAlong?: boolean;
}

export function objectReferencesOf(inventory: Inventory): readonly ObjectReference[] {
  return [
    ...inventory.workloads.flatMap(ofPods),
    ...inventory.manifests.flatMap(
      (manifest) => OF_KIND[`${manifest.group}/${manifest.kind}`]?.(manifest) ?? [],
    ),
  ];
}

type ReferencesOf = (manifest: Manifest) => readonly ObjectReference[];

const OF_KIND: Readonly<Record<string, ReferencesOf | undefined>> = Object.assign(Object.create(null), {
  "apps/StatefulSet": governingService,
  "autoscaling/HorizontalPodAutoscaler": (manifest) => scaleTarget(manifest, "scaleTargetRef"),
  "autoscaling.k8s.io/VerticalPodAutoscaler": (manifest) => scaleTarget(manifest, "targetRef"),
  "keda.sh/ScaledObject": (manifest) => scaleTarget(manifest, "scaleTargetRef"),
  "networking.k8s.io/Ingress": ingressServices,
  "extensions/Ingress": ingressServices,
  "gateway.networking.k8s.io/HTTPRoute": routeServices,
  "gateway.networking.k8s.io/GRPCRoute": routeServices,
  "rbac.authorization.k8s.io/RoleBinding": bound,
  "rbac.authorization.k8s.io/ClusterRoleBinding": bound,
  "/PersistentVolumeClaim": storageClass,
} satisfies Record<string, ReferencesOf>);

function ofPods({ manifest, title, template }: Workload): readonly ObjectReference[] {
  const spec = template.at("spec");
  const account = spec.at(spec.at("serviceAccountName").isThere ? "serviceAccountName" : "serviceAccount");
  const refused = "its pods are not created";
  return [
    ...to(manifest, account, {
      group: "",
      kind: "ServiceAccount",
      says: `${title} runs as`,
      without: refused,
    }),
    ...to(manifest, spec.at("priorityClassName"), {
      group: "scheduling.k8s.io",
      kind: "PriorityClass",
      namespace: null,
      says: `${title} has the priority of`,
      without: refused,
    }),
    ...spec
      .at("volumes")
      .items()
      .flatMap((volume) =>
        to(manifest, volume.at("persistentVolumeClaim", "claimName"), {
          group: "",
          kind: "PersistentVolumeClaim",
          says: `${title} takes volume ${volume.at("name").text ?? ""} from`,
          without: "its pods stay Pending",
        }),
      ),
  ];
}

function governingService(manifest: Manifest): readonly ObjectReference[] {
  return to(manifest, manifest.root.at("spec", "serviceName"), {
    group: "",
    kind: "Service",
    says: `${titleOf(manifest)} gets the names of its pods from`,
    without: "its pods do not find each other by name",
    isShippedAlong: true,
  });
}

function scaleTarget(manifest: Manifest, key: string): readonly ObjectReference[] {
  const target = manifest.root.at("spec", key);
  const kind = target.at("kind").text ?? "Deployment";
  const isBuiltIn = ["Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"].includes(kind);
  const said = target.at("apiVersion").text?.split("/");
  // KEDA and people leave it out; what the API server says of that is another matter.
  const group = said === undefined ? (isBuiltIn ? "apps" : "") : said.length > 1 ? (said[0] ?? "") : "";
  return to(manifest, target.at("name"), {
    group,
    kind,
    says: `${titleOf(manifest)} scales`,
    without: "nothing is scaled",
    isShippedAlong: true,
  });
}

function ingressServices(manifest: Manifest): readonly ObjectReference[] {
  return ingressBackends(manifest).flatMap((backend) => {
    const name = backend.at("service", "name");
    return to(manifest, name.isThere ? name : backend.at("serviceName"), sentTo(manifest));
  });
}

/** Every backend of an Ingress, in the form of today and in that of before. */
export function ingressBackends({ root }: Manifest): readonly Field[] {
  const spec = root.at("spec");
  return [
    spec.at("defaultBackend"),
    spec.at("backend"),
    ...spec
      .at("rules")
      .items()
      .flatMap((rule) => rule.at("http", "paths").items())
      .map((path) => path.at("backend")),
  ].filter(({ isThere }) => isThere);
}

function routeServices(manifest: Manifest): readonly ObjectReference[] {
  return routeBackends(manifest).flatMap((backend) =>
    to(manifest, backend.at("name"), {
      ...sentTo(manifest),
      namespace: backend.at("namespace").text,
    }),
  );
}

/** The Services that a route of the Gateway API names. */
export function routeBackends({ root }: Manifest): readonly Field[] {
  return root
    .at("spec", "rules")
    .items()
    .flatMap((rule) => rule.at("backendRefs").items())
    .filter((backend) => (backend.at("kind").text ?? "Service") === "Service");
}

function sentTo(manifest: Manifest) {
  return {
    group: "",
    kind: "Service",
    says: `${titleOf(manifest)} sends requests to`,
    without: "they are answered with an error",
    isShippedAlong: true,
  } as const;
}

function bound(manifest: Manifest): readonly ObjectReference[] {
  const role = manifest.root.at("roleRef");
  const roleKind = role.at("kind").text ?? "Role";
  const title = titleOf(manifest);
  return [
    ...to(manifest, role.at("name"), {
      group: "rbac.authorization.k8s.io",
      kind: roleKind,
      namespace: roleKind === "ClusterRole" ? null : undefined,
      says: `${title} grants the rights of`,
      without: "it grants nothing",
    }),
    ...manifest.root
      .at("subjects")
      .items()
      .filter((subject) => subject.at("kind").text === "ServiceAccount")
      .flatMap((subject) =>
        to(manifest, subject.at("name"), {
          group: "",
          kind: "ServiceAccount",
          namespace: subject.at("namespace").text,
          says: `${title} grants rights to`,
          without: "no one gets them",
        }),
      ),
  ];
}

function storageClass(manifest: Manifest): readonly ObjectReference[] {
  return to(manifest, manifest.root.at("spec", "storageClassName"), {
    group: "storage.k8s.io",
    kind: "StorageClass",
    namespace: null,
    says: `${titleOf(manifest)} asks for storage of`,
    without: "it stays Pending",
  });
}

function to(
  from: Manifest,
  field: Field,
  rest: Omit<ObjectReference, "from" | "field" | "name">,
): readonly ObjectReference[] {
  return field.text ? [{ from, field, name: field.text, ...rest }] : [];
}
