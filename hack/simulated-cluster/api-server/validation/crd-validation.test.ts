import { expect } from "chai";
import { CRD_RESOURCE } from "../resources/built-in-resources.ts";
import { validateCrd } from "./crd-validation.ts";

const crd = (metadata: object) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.a.io", uid: "", resourceVersion: "", creationTimestamp: "" },
  spec: {
    versions: [{ name: "v1", schema: { openAPIV3Schema: { type: "object", properties: { metadata } } } }],
  },
});

describe("validateCrd", () => {
  it("refuses a schema that describes metadata, as a real server does", () => {
    expect(() => validateCrd(CRD_RESOURCE, crd({ type: "object", description: "Names." }))).to.throw(
      'CustomResourceDefinition.apiextensions.k8s.io "widgets.a.io" is invalid: spec.validation.openAPIV3Schema.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    );
    expect(() => validateCrd(CRD_RESOURCE, crd({ properties: { labels: {} } }))).to.throw("Forbidden");
  });

  it("lets a schema say what names look like", () => {
    const named = { type: "object", properties: { name: { type: "string", maxLength: 63 } } };
    expect(() => validateCrd(CRD_RESOURCE, crd(named))).not.to.throw();
  });
});
