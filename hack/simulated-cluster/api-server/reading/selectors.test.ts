import { expect } from "chai";
import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../kube-object.ts";
import { PODS } from "../resources/built-in-resources.ts";
import { parseSelectors } from "./selectors.ts";

const pod = (labels: Record<string, string>, phase = "Running"): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web-1",
    namespace: "shop",
    uid: "1",
    resourceVersion: "1",
    creationTimestamp: "",
    labels,
  },
  status: { phase },
});

describe("parseSelectors", () => {
  const labels = { app: "web", tier: "backend" };

  for (const [selector, isMatch] of [
    ["app=web", true],
    ["app==web,tier=backend", true],
    ["app!=web", false],
    ["missing!=x", true],
    ["app in (web, api),tier notin (front)", true],
    ["app in (api)", false],
    ["tier", true],
    ["!tier", false],
    ["!missing", true],
  ] as const) {
    it(`${isMatch ? "selects" : "does not select"} by the labels "${selector}"`, () => {
      expect(parseSelectors(PODS, selector, null)?.(pod(labels))).to.equal(isMatch);
    });
  }

  it("selects by fields that the resource supports, equal or not", () => {
    expect(parseSelectors(PODS, null, "status.phase=Running,metadata.name!=other")?.(pod(labels))).to.equal(
      true,
    );
    expect(parseSelectors(PODS, null, "status.phase=Running")?.(pod(labels, "Failed"))).to.equal(false);
  });

  it("refuses other fields, as a real server does", () => {
    expect(() => parseSelectors(PODS, null, "spec.foo=1")).to.throw(
      ApiError,
      "field label not supported: spec.foo",
    );
  });

  it("gives no filter for no selector", () => {
    expect(parseSelectors(PODS, null, "")).to.equal(undefined);
  });
});
