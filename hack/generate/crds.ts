// Builds the CustomResourceDefinitions from the schemas in src/api.
import { GROUP, VERSION } from "../../src/api/group.ts";
import { CUSTOM_RESOURCES, type CustomResource } from "./custom-resources.ts";
import { explainedSchema } from "./explained-schema.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { manifestText } from "./manifest-text.ts";
import { type StructuralSchema, toStructuralSchema } from "./structural-schema.ts";

/** The CRDs as files, one a resource, and the kustomization that installs them. */
export function generateCrds(): GeneratedFile[] {
  const crds = CUSTOM_RESOURCES.map((resource) => ({
    name: `${GROUP}_${resource.plural}.yaml`,
    content: buildCrd(resource),
  }));
  const kustomization = {
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: crds.map(({ name }) => name),
  };
  return [...crds, { name: "kustomization.yaml", content: kustomization }].map(({ name, content }) => ({
    path: `crds/${name}`,
    text: manifestText("src/api", content),
  }));
}

/** The CustomResourceDefinition of a resource, as the object that the API server takes. */
export function buildCrd(resource: CustomResource) {
  const { kind, plural, singular, shortName, columns } = resource;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}`, labels: { "app.kubernetes.io/part-of": "rolloutguard" } },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        shortNames: [shortName],
        // Not the name of a kind: `kubectl describe rolloutguard NAME` would take it for the category and refuse.
        categories: ["rolloutguard-all"],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: explainedSchema(buildObjectSchema(resource)) },
        },
      ],
    },
  };
}

/** The schema of the whole object; the API server itself takes care of its metadata. */
export function buildObjectSchema({ kind, description, spec, status }: CustomResource): StructuralSchema {
  return {
    description,
    type: "object",
    required: ["spec"],
    properties: {
      apiVersion: { description: `The API version, ${GROUP}/${VERSION}.`, type: "string" },
      kind: { description: `The kind, ${kind}.`, type: "string" },
      // Nothing but the type: the API server refuses a CRD that says more of metadata.
      metadata: { type: "object" },
      spec: { description: spec.description, ...toStructuralSchema(spec.schema, `${kind}.spec`) },
      status: { description: status.description, ...toStructuralSchema(status.schema, `${kind}.status`) },
    },
  };
}
