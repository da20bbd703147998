// Which findings concern one Deployment: its own, those of Services that serve it or mean to, and of policies on its pods.
import type { LintFinding } from "./finding.ts";
import { Inventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import { nearestMiss } from "./nearest-workload.ts";
import { policiesFor } from "./network/admission.ts";

/** A filter of findings for the Deployment of that name among the manifests. */
export function isConcerned(name: string, manifests: readonly Manifest[]): (finding: LintFinding) => boolean {
  const inventory = new Inventory(manifests);
  const workload = inventory.workloads.find(
    ({ manifest }) => manifest.kind === "Deployment" && manifest.name === name,
  );
  if (workload === undefined) return () => false;
  const { manifest, labels } = workload;
  const services = inventory.services.filter((service) => {
    const served = inventory.servedBy(service);
    const meant = served.length > 0 ? served : [nearestMiss(service, inventory.workloads)?.workload];
    return meant.includes(workload);
  });
  const pod = { labels, scope: manifest.scope, namespace: manifest.namespace };
  const policies = (["ingress", "egress"] as const).flatMap((direction) =>
    policiesFor(pod, direction, inventory),
  );
  const concerned = new Set(
    [manifest, ...services.map((service) => service.manifest), ...policies].map(identity),
  );
  return (finding) => concerned.has(identity(finding));
}

function identity({ kind, namespace, name }: Pick<Manifest, "kind" | "namespace" | "name">): string {
  return JSON.stringify([kind, namespace, name]);
}
