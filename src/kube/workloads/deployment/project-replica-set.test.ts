import { expect } from "chai";
import { rawReplicaSet } from "../../testing/raw-objects.ts";
import { projectReplicaSet } from "./project-replica-set.ts";

const withLabel = (hash: unknown) =>
  projectReplicaSet(
    rawReplicaSet("web", "596f7cbf4b", { metadata: { labels: { "pod-template-hash": hash } } }),
  );

describe("projectReplicaSet", () => {
  it("takes the hash from the label, and from the name where the label is no hash", () => {
    expect(withLabel("5d8f6c7b94")?.view.hash).to.equal("5d8f6c7b94");
    for (const odd of ["", 7, undefined, "a b", "x".repeat(64)])
      expect(withLabel(odd)?.view.hash, String(odd)).to.equal("596f7cbf4b");
  });

  it("has a hash that specs and status can name, whatever it is called", () => {
    const odd = rawReplicaSet("web", "x".repeat(200), { metadata: { labels: {}, name: "y".repeat(250) } });
    expect(projectReplicaSet(odd)?.view.hash).to.have.length(63);
  });

  it("keeps little of what people write into annotations", () => {
    const big = "x".repeat(200 * 1_024);
    const annotations = { "kubernetes.io/change-cause": big, other: big };
    const revision = projectReplicaSet(rawReplicaSet("web", "a", { metadata: { annotations } }));
    expect(JSON.stringify(revision).length).to.be.lessThan(4_000);
  });

  it("belongs to nobody when its owner cannot be read", () => {
    for (const ownerReferences of [[{ kind: "Deployment", controller: true }], [7], "web", null])
      expect(projectReplicaSet(rawReplicaSet("web", "a", { metadata: { ownerReferences } }))).to.equal(
        undefined,
      );
  });
});
