// The causes of a recording: the manifests that were applied before the change and by it.
import type { Deployment, Service } from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange, RecordedLine } from "../recording.ts";

const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };

/** The manifests that were applied before the change and by it, as `kubectl apply` remembers them. */
export function manifestsOf(lines: readonly RecordedLine[]): {
  readonly service: Service | undefined;
  readonly before: Deployment | undefined;
  readonly change: Deployment;
} {
  const changeIndex = lines.findIndex((line) => "mark" in line);
  const at = (from: number, to: number | undefined, resource: string): RecordedChange[] =>
    lines
      .slice(from, to)
      .filter((line): line is RecordedChange => "resource" in line && line.resource === resource);
  const service = at(0, undefined, "services")[0]?.object as Service | undefined;
  const before = at(0, changeIndex, "deployments").at(-1)?.object as Deployment | undefined;
  const changed = at(changeIndex, undefined, "deployments")[0]?.object as Deployment | undefined;
  if (changed === undefined) throw new Error("The recording has no change of a Deployment.");
  return {
    service: service && { ...asManifest(service), apiVersion: "v1", kind: "Service" },
    before: before && { ...asManifest(before), ...DEPLOYMENT },
    change: { ...asManifest(changed), ...DEPLOYMENT },
  };
}

/** What a person would have written: no status, no metadata of the server. Items of a list do not say their kind. */
function asManifest<Kind extends Deployment | Service>({ metadata, spec }: Kind): Kind {
  const { name, namespace, labels } = metadata;
  return { metadata: { name, namespace, labels }, spec } as unknown as Kind;
}
