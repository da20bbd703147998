import { expect } from "chai";
import type { ResourceDefinition } from "../resource-definition.ts";
import { BUILT_IN_RESOURCES } from "../resources/built-in-resources.ts";
import { openApiAnswer } from "./openapi.ts";

const WIDGETS: ResourceDefinition = {
  id: "widgets.tools.example.io",
  group: "tools.example.io",
  version: "v1",
  plural: "widgets",
  singular: "widget",
  kind: "Widget",
  isNamespaced: true,
  isCustom: true,
  hasStatus: false,
  hasGeneration: true,
  schema: { type: "object", description: "A widget.", properties: { spec: { type: "object" } } },
};

function schemasAt(path: string): Record<string, { properties?: object }> {
  const answer = openApiAnswer(path, [...BUILT_IN_RESOURCES, WIDGETS]);
  return (answer as { components: { schemas: Record<string, { properties?: object }> } }).components.schemas;
}

describe("the OpenAPI documents", () => {
  for (const path of [
    "/openapi/v3/api/v1",
    "/openapi/v3/apis/apps/v1",
    "/openapi/v3/apis/tools.example.io/v1",
  ]) {
    it(`have every schema at ${path} that they refer to`, () => {
      const schemas = schemasAt(path);
      const references = [...JSON.stringify(schemas).matchAll(/#\/components\/schemas\/([^"]+)"/g)];
      expect(references).to.have.length.above(1);
      for (const [, name = ""] of references) expect(schemas).to.have.property(name);
    });
  }

  it("describe built-in kinds as Kubernetes does", () => {
    const { properties } = schemasAt("/openapi/v3/apis/apps/v1")["io.k8s.api.apps.v1.DeploymentSpec"] ?? {};
    expect(properties).to.include.keys("replicas", "strategy", "template");
  });

  it("describe custom kinds by their CRD, with the server's words on metadata", () => {
    const widget = schemasAt("/openapi/v3/apis/tools.example.io/v1")["io.example.tools.v1.Widget"];
    expect(widget).to.include({ description: "A widget." });
    expect(widget?.properties).to.have.all.keys("apiVersion", "kind", "metadata", "spec");
  });

  it("know every built-in resource that is served", () => {
    for (const { group, version, kind } of BUILT_IN_RESOURCES) {
      const root = group === "" ? `api/${version}` : `apis/${group}/${version}`;
      const names = Object.keys(schemasAt(`/openapi/v3/${root}`));
      expect(
        names.some((name) => name.endsWith(`.${version}.${kind}`)),
        kind,
      ).to.equal(true);
    }
  });
});
