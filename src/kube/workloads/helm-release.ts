// The release of Helm that a workload belongs to, where Helm applies it client-side.
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import { isAppliedServerSide } from "../field-owners/hand-over.ts";
import { asName, metaOf, type RawObject } from "../objects.ts";

/** Undefined for everything that is not Helm's, and where Helm applies server-side: then the fields are handed over to it. */
export function clientSideHelmRelease(workload: RawObject): WorkloadView["helmRelease"] {
  const { labels, annotations, namespace } = metaOf(workload);
  const name = asName(annotations["meta.helm.sh/release-name"]);
  if (labels["app.kubernetes.io/managed-by"] !== "Helm" || name === undefined) return undefined;
  if (isAppliedServerSide(workload)) return undefined;
  return {
    name,
    namespace: asName(annotations["meta.helm.sh/release-namespace"]) ?? namespace,
    isByFlux: labels["helm.toolkit.fluxcd.io/name"] !== undefined,
  };
}
