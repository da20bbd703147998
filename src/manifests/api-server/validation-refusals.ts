// What Kubernetes' validation says of an object whose form is right.
import type { Manifest } from "../manifest.ts";
import { workloadOf } from "../workload.ts";
import { metadataRefusals } from "./metadata-refusals.ts";
import { objectRefusals } from "./object-refusals.ts";
import type { Refusal } from "./refusal.ts";
import { workloadRefusals } from "./workload-refusals.ts";

export function validationRefusals(manifest: Manifest): readonly Refusal[] {
  const workload = workloadOf(manifest);
  return [
    ...(workload === undefined ? [] : workloadRefusals(workload)),
    ...objectRefusals(manifest),
    ...metadataRefusals(manifest, workload),
  ];
}
