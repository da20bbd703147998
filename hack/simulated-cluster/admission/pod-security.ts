// Pod Security admission: refuses pods of a namespace that break the level which its label names.
import type { Pod } from "../api-server/kinds.ts";
import type { ApiObjects } from "../api-server/objects.ts";
import type { Admission } from "../api-server/writing/registry.ts";
import { violationsOf } from "./pod-security-levels.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

/** The admission plugin. */
export function createPodSecurity(objects: ApiObjects): Admission {
  return (resource, object) => {
    if (resource.id !== "pods") return undefined;
    const labels = objects.get("namespaces", "", object.metadata.namespace ?? "")?.metadata.labels;
    const level = labels?.[ENFORCE];
    if (level !== "baseline" && level !== "restricted") return undefined;
    const violations = violationsOf((object as Pod).spec, level);
    if (violations.length === 0) return undefined;
    const version = labels?.[`${ENFORCE}-version`] ?? "latest";
    return `violates PodSecurity "${level}:${version}": ${violations.join(", ")}`;
  };
}
