import { expect } from "chai";
import { clientSideHelmRelease } from "./helm-release.ts";

const LABELS = { "app.kubernetes.io/managed-by": "Helm" };
const ANNOTATIONS = { "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "prod" };
const fieldsV1 = { "f:spec": { "f:template": { "f:spec": { "f:dnsPolicy": {} } } } };
const helm = (operation: string) => ({ manager: "helm", operation, apiVersion: "apps/v1", fieldsV1 });

const releaseOf = (metadata: object) =>
  clientSideHelmRelease({
    metadata: { namespace: "shop", labels: LABELS, annotations: ANNOTATIONS, ...metadata },
  });

describe("clientSideHelmRelease", () => {
  it("names the release of a workload that Helm applies client-side, and who runs Helm", () => {
    const release = { name: "shop", namespace: "prod", isByFlux: false };
    expect(releaseOf({ managedFields: [helm("Update")] })).to.deep.equal(release);
    const labels = { ...LABELS, "helm.toolkit.fluxcd.io/name": "shop" };
    expect(releaseOf({ labels })).to.deep.equal({ ...release, isByFlux: true });
    const { "meta.helm.sh/release-namespace": _unknown, ...annotations } = ANNOTATIONS;
    expect(releaseOf({ annotations })).to.deep.equal({ ...release, namespace: "shop" });
  });

  it("knows none where Helm applies server-side, where a chart was only rendered, and of what is not Helm's", () => {
    expect(releaseOf({ managedFields: [helm("Apply")] })).to.equal(undefined);
    expect(releaseOf({ annotations: {} })).to.equal(undefined);
    expect(releaseOf({ labels: {} })).to.equal(undefined);
    expect(clientSideHelmRelease({})).to.equal(undefined);
  });
});
