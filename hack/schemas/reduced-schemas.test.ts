import { expect } from "chai";
import { type Definitions, reducedSchemas, schemasText } from "./reduced-schemas.ts";

const deployment = (spec: Definitions): Definitions => ({
  "io.k8s.api.apps.v1.Deployment": {
    type: "object",
    properties: {
      spec: { $ref: "#/definitions/io.k8s.api.apps.v1.DeploymentSpec" },
      status: { $ref: "#/definitions/io.k8s.api.apps.v1.DeploymentStatus" },
    },
    "x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "Deployment" }],
  },
  "io.k8s.api.apps.v1.DeploymentSpec": { type: "object", required: ["selector"], properties: spec },
  "io.k8s.api.core.v1.Event": {
    type: "object",
    "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Event" }],
  },
});
const REPLICAS = { type: "integer", format: "int32" };
const PORT = { type: "string", format: "int-or-string" };

describe("the schemas of Kubernetes, reduced", () => {
  const { versions } = reducedSchemas([
    { version: "1.36", definitions: deployment({ replicas: REPLICAS, port: PORT }) },
    { version: "1.35", definitions: deployment({ replicas: REPLICAS }) },
  ]);

  it("keep what people write, refuse other fields, and leave out what the cluster writes", () => {
    const [newest] = versions;
    expect(newest?.kinds).to.deep.equal({ "apps/v1/Deployment": "apps.v1.Deployment" });
    expect(newest?.definitions).to.deep.equal({
      "apps.v1.Deployment": {
        type: "object",
        additionalProperties: false,
        properties: { spec: { $ref: "#/definitions/apps.v1.DeploymentSpec" }, status: {} },
      },
      "apps.v1.DeploymentSpec": {
        type: "object",
        required: ["selector"],
        additionalProperties: false,
        properties: { replicas: { type: "integer" }, port: { type: ["integer", "string"] } },
      },
    });
  });

  it("hold of an older version only what differs, a definition a line", () => {
    expect(Object.keys(versions[1]?.definitions ?? {})).to.deep.equal(["apps.v1.DeploymentSpec"]);
    const text = schemasText({ versions });
    expect(JSON.parse(text)).to.deep.equal({ versions });
    expect(text.split("\n").filter((line) => line.startsWith('"apps.v1.Deployment"'))).to.have.length(1);
  });
});
