import { expect } from "chai";
import { apiVersionOf, RESOURCES, resourcePath } from "./resources.ts";

describe("resourcePath", () => {
  it("leads to the whole cluster, a namespace, an object and its subresource", () => {
    expect(resourcePath("pods")).to.equal("/api/v1/pods");
    expect(resourcePath("deployments", "shop")).to.equal("/apis/apps/v1/namespaces/shop/deployments");
    expect(resourcePath("incidents", "shop", "x")).to.equal(
      "/apis/rolloutguard.io/v1alpha1/namespaces/shop/incidents/x",
    );
    expect(resourcePath("rolloutguards", "shop", "x", "status")).to.match(/\/rolloutguards\/x\/status$/);
  });

  it("lets no name leave its place in the path", () => {
    expect(resourcePath("pods", "a/b", "../c")).to.equal("/api/v1/namespaces/a%2Fb/pods/..%2Fc");
  });
});

describe("RESOURCES", () => {
  it("names what objects say as their apiVersion", () => {
    expect(apiVersionOf("events")).to.equal("v1");
    expect(apiVersionOf("endpointslices")).to.equal("discovery.k8s.io/v1");
  });

  it("reads only Warning Events", () => {
    expect(RESOURCES.events.fieldSelector).to.equal("type=Warning");
  });
});
