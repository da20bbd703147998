import { expect } from "chai";
import { rawSlice } from "../testing/raw-objects.ts";
import {
  type EndpointGroup,
  projectEndpointSlice,
  projectEndpoints,
  readyEndpoints,
} from "./endpoint-slice.ts";

const SERVICE = { hasPorts: true, publishesNotReady: false };

function slice(more: Parameters<typeof rawSlice>[2], pods: readonly string[] = []): EndpointGroup {
  const group = projectEndpointSlice(rawSlice("web", pods, more));
  if (group === undefined) throw new Error("the slice was not taken for one of a Service");
  return group;
}

const withConditions = (...conditions: readonly object[]) =>
  slice({
    endpoints: conditions.map((each, index) => ({ addresses: [`10.0.0.${index}`], conditions: each })),
  });

describe("readyEndpoints", () => {
  it("counts an endpoint that does not say whether it is ready", () => {
    expect(readyEndpoints([withConditions({}, { ready: null }, { ready: false })], SERVICE)).to.have.length(
      2,
    );
  });

  it("never counts one that terminates", () => {
    const group = withConditions({ ready: true, serving: true, terminating: true });
    expect(readyEndpoints([group], SERVICE)).to.have.length(0);
    expect(readyEndpoints([group], { ...SERVICE, publishesNotReady: true })).to.have.length(0);
  });

  it("asks whether it serves where not-ready addresses are published", () => {
    const group = withConditions({ ready: true, serving: false }, { ready: true, serving: true });
    expect(readyEndpoints([group], { ...SERVICE, publishesNotReady: true })).to.have.length(1);
  });

  it("counts endpoints without ports only for a Service without ports", () => {
    const group = slice({ ports: [] }, ["a", "b"]);
    expect(readyEndpoints([group], SERVICE)).to.have.length(0);
    expect(readyEndpoints([group], { ...SERVICE, hasPorts: false })).to.have.length(2);
  });

  it("counts for a port the endpoints that have it: slices are made for each set of ports", () => {
    const [both, one] = [
      [
        { name: "http", port: 8080 },
        { name: "grpc", port: 9090 },
      ],
      [{ name: "http", port: 8080 }],
    ];
    const groups = [slice({ ports: both }, ["a"]), slice({ ports: one }, ["b", "c"])];
    expect(readyEndpoints(groups, SERVICE, "http")).to.have.length(3);
    expect(readyEndpoints(groups, SERVICE, "grpc")).to.have.length(1);
  });

  it("joins all slices, and counts a pod with IPv4 and IPv6 once", () => {
    expect(readyEndpoints([slice({}, ["a", "b"]), slice({}, ["b", "c"])], SERVICE)).to.have.length(3);
  });

  it("counts the ready addresses of Endpoints", () => {
    const subsets = [
      {
        addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }],
        notReadyAddresses: [{ ip: "10.0.0.3" }],
        ports: [{ port: 80 }],
      },
      { addresses: [{ ip: "10.0.0.4" }] },
    ];
    expect(
      readyEndpoints([projectEndpoints({ metadata: { name: "web" }, subsets })], SERVICE),
    ).to.have.length(2);
  });
});

describe("projectEndpointSlice", () => {
  it("takes no slice that belongs to no Service", () => {
    expect(projectEndpointSlice(rawSlice("web", [], { metadata: { labels: {} } }))).to.equal(undefined);
  });
});
