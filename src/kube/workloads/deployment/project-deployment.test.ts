import { expect } from "chai";
import { projectDeployment } from "./project-deployment.ts";

const withAnnotations = (annotations: Readonly<Record<string, string>>) =>
  projectDeployment({ metadata: { namespace: "shop", name: "checkout", annotations }, spec: {}, status: {} });

describe("projectDeployment", () => {
  it("reads which Incident it was last rolled back for, and when", () => {
    const { rolledBack } = withAnnotations({
      "rolloutguard.io/incident": "checkout-5f6994565f",
      "rolloutguard.io/rolled-back-at": "2026-11-21T07:08:27.681Z",
    });
    expect(rolledBack).to.deep.equal({
      incident: "checkout-5f6994565f",
      at: Date.UTC(2026, 10, 21, 7, 8, 27, 681),
    });
  });

  it("reads the generation that the rollback made, unless it is no number", () => {
    const generationIn = (text: string) =>
      withAnnotations({
        "rolloutguard.io/incident": "checkout-5f6994565f",
        "rolloutguard.io/rolled-back-at": "2026-11-21T07:08:27.681Z",
        "rolloutguard.io/rolled-back-generation": text,
      }).rolledBack?.generation;
    expect(generationIn("8")).to.equal(8);
    for (const text of ["", "-1", "eight", "1e3", "9".repeat(20)])
      expect(generationIn(text)).to.equal(undefined);
  });

  it("knows of no rollback where an annotation is missing or no time", () => {
    for (const annotations of [
      {},
      { "rolloutguard.io/incident": "checkout-5f6994565f" },
      { "rolloutguard.io/incident": "checkout-5f6994565f", "rolloutguard.io/rolled-back-at": "yesterday" },
    ]) {
      expect(withAnnotations(annotations).rolledBack).to.equal(undefined);
    }
  });

  it("names the owner that controls it, and no other", () => {
    const owner = { apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "checkout", uid: "uid-1" };
    const ownedBy = (controller: boolean) =>
      projectDeployment({ metadata: { ownerReferences: [{ ...owner, controller }] } }).owner;
    expect(ownedBy(true)).to.deep.equal({ kind: "Canary", name: "checkout" });
    expect(ownedBy(false)).to.equal(undefined);
  });

  it("reads the number of its present revision, and none where somebody has spoiled it", () => {
    const number = (value: string) =>
      withAnnotations({ "deployment.kubernetes.io/revision": value }).revision;
    expect(number("7")).to.equal(7);
    for (const odd of ["", "-1", "seven", "9".repeat(40)]) expect(number(odd), odd).to.equal(undefined);
    expect(withAnnotations({}).revision).to.equal(undefined);
  });

  it("reads for which Incident RolloutGuard paused it, whether or not it is paused still", () => {
    const annotations = { "rolloutguard.io/paused-for-incident": "checkout-bad" };
    expect(withAnnotations(annotations)).to.deep.include({ pausedFor: "checkout-bad", isPaused: false });
    expect(withAnnotations({}).pausedFor).to.equal(undefined);
  });

  it("reads a veto on the Deployment or on its pod template", () => {
    expect(withAnnotations({ "rolloutguard.io/veto": "schema 7" }).veto).to.equal("schema 7");
    const metadata = { annotations: { "rolloutguard.io/veto": "schema 8" } };
    expect(projectDeployment({ spec: { template: { metadata } } }).veto).to.equal("schema 8");
    expect(withAnnotations({}).veto).to.equal(undefined);
  });

  it("knows whether RolloutGuard owns fields of the template that somebody else applies", () => {
    const fieldsV1 = { "f:spec": { "f:template": { "f:spec": { "f:dnsPolicy": {} } } } };
    const own = { manager: "rolloutguard", operation: "Update", apiVersion: "apps/v1", fieldsV1 };
    const applied = { manager: "helm", operation: "Apply", apiVersion: "apps/v1", fieldsV1 };
    const blocks = (...managedFields: readonly object[]) =>
      projectDeployment({ metadata: { name: "checkout", managedFields } }).blocksNextApply;
    expect(blocks(own, applied)).to.equal(true);
    expect(blocks(own)).to.equal(undefined);
    expect(blocks(applied)).to.equal(undefined);
  });
});
