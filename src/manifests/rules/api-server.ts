// Would the API server accept the object?
import { apiVersionRefusal } from "../api-server/api-versions.ts";
import type { Refusal } from "../api-server/refusal.ts";
import { schemaRefusals } from "../api-server/schema-refusals.ts";
import { Schemas } from "../api-server/schemas.ts";
import { validationRefusals } from "../api-server/validation-refusals.ts";
import type { LintRule } from "../finding.ts";
import { type Manifest, titleOf } from "../manifest.ts";

export const apiServer: LintRule = {
  id: "api-server",
  severity: "error",
  meaning: "The API server, or kubectl before it, refuses the object",
  advice:
    "Fields that do not exist or are in the wrong place, values of the wrong type, what is required and missing, API versions that are gone, and what Kubernetes' validation says of pods, rollouts, Services, autoscalers, budgets and Ingresses. It uses the schemas that Kubernetes publishes; `--kubernetes-version` chooses the version, the newest by default.",
  *run(inventory, { kubernetesVersion }) {
    // What a cluster has, its API server has accepted.
    if (inventory.isLive) return;
    const schemas = Schemas.of(kubernetesVersion);
    for (const manifest of inventory.manifests) {
      for (const { field, says, fix } of refusalsOf(manifest, schemas)) {
        yield { manifest, field, message: `${titleOf(manifest)}: ${says}. The API server refuses it.`, fix };
      }
    }
  },
};

/** What is wrong with its form hides the rest: one finding a place is enough. */
function refusalsOf(manifest: Manifest, schemas: Schemas): readonly Refusal[] {
  const gone = apiVersionRefusal(manifest, schemas);
  if (gone !== undefined) return [gone];
  const version = manifest.root.at("apiVersion").text?.split("/").at(-1) ?? "";
  const ofSchema = schemaRefusals(manifest, `${manifest.group}/${version}/${manifest.kind}`, schemas);
  const places = new Set(ofSchema.map(({ field }) => field.path.join("/")));
  return [
    ...ofSchema,
    ...validationRefusals(manifest).filter(({ field }) => !places.has(field.path.join("/"))),
  ];
}
