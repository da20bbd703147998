import { expect } from "chai";
import { rawPod, rawReplicaSet } from "../../testing/raw-objects.ts";
import { deploymentPort } from "./deployment-port.ts";

describe("the port of Deployments", () => {
  it("finds a pod's revision by the ReplicaSet that controls it", () => {
    const { projectRevision, revisionIdOf } = deploymentPort;
    const id = revisionIdOf(rawPod("web-a-1", "web-a"));
    expect(id)
      .to.equal(projectRevision(rawReplicaSet("web", "a"))?.view.id)
      .and.to.be.a("string");
  });

  it("knows no revision of a pod that something else made, or nobody", () => {
    const made = (ownerReferences: readonly object[]) =>
      deploymentPort.revisionIdOf(rawPod("p", "web-a", { metadata: { ownerReferences } }));
    expect(made([])).to.equal(undefined);
    expect(made([{ kind: "Job", name: "j", uid: "u", controller: true }])).to.equal(undefined);
    expect(made([{ kind: "ReplicaSet", name: "r", uid: "u", controller: false }])).to.equal(undefined);
  });

  it("refuses a ReplicaSet without pod template", () => {
    expect(() => deploymentPort.templateOf({ metadata: { name: "web-a" }, spec: {} })).to.throw(
      "ReplicaSet web-a has no pod template",
    );
  });
});
