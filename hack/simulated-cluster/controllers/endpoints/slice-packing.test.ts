import { expect } from "chai";
import type { EndpointPort, EndpointSlice, SliceEndpoint } from "../../api-server/kinds.ts";
import { packSlices, type SlicePlan } from "./slice-packing.ts";

const HTTP: readonly EndpointPort[] = [{ name: "http", protocol: "TCP", port: 80 }];
const GRPC: readonly EndpointPort[] = [{ name: "grpc", protocol: "TCP", port: 90 }];

function endpoints(from: number, to: number): SliceEndpoint[] {
  return Array.from({ length: to - from }, (_, i) => ({
    addresses: [`10.0.0.${from + i}`],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: "Pod", namespace: "shop", name: `pod-${from + i}`, uid: `uid-${from + i}` },
  }));
}

function slice(name: string, held: readonly SliceEndpoint[] | null, ports: EndpointSlice["ports"] = HTTP) {
  return { metadata: { name }, endpoints: held, ports } as unknown as EndpointSlice;
}

const sizes = ({ kept, created, deleted }: SlicePlan) => ({
  kept: Object.fromEntries(kept.map(([{ metadata }, content]) => [metadata.name, content.endpoints?.length])),
  created: created.map((content) => content.endpoints?.length),
  deleted: deleted.map(({ metadata }) => metadata.name),
});

describe("packSlices", () => {
  it("makes slices of a hundred", () => {
    const plan = packSlices([], [{ ports: HTTP, endpoints: endpoints(0, 230) }]);
    expect(sizes(plan)).to.deep.equal({ kept: {}, created: [100, 100, 30], deleted: [] });
  });

  it("leaves a slice alone when an endpoint of another one goes", () => {
    const existing = [slice("a", endpoints(0, 100)), slice("b", endpoints(100, 150))];
    const plan = packSlices(existing, [{ ports: HTTP, endpoints: endpoints(1, 150) }]);
    expect(sizes(plan)).to.deep.equal({ kept: { a: 99, b: 50 }, created: [], deleted: [] });
    expect(plan.kept.find(([{ metadata }]) => metadata.name === "b")?.[1].endpoints).to.deep.equal(
      existing[1]?.endpoints,
    );
  });

  it("fills a slice that changes anyway, before one that does not", () => {
    const existing = [slice("a", endpoints(0, 50)), slice("b", endpoints(50, 90))];
    const wanted = [...endpoints(0, 50), ...endpoints(51, 100)];
    expect(sizes(packSlices(existing, [{ ports: HTTP, endpoints: wanted }])).kept).to.deep.equal({
      a: 50,
      b: 49,
    });
  });

  it("puts new endpoints into the fullest slice that has room for all of them", () => {
    const existing = [
      slice("a", endpoints(0, 95)),
      slice("b", endpoints(95, 180)),
      slice("c", endpoints(180, 200)),
    ];
    const plan = packSlices(existing, [{ ports: HTTP, endpoints: endpoints(0, 210) }]);
    expect(sizes(plan)).to.deep.equal({ kept: { a: 95, b: 95, c: 20 }, created: [], deleted: [] });
  });

  it("begins a new slice rather than change several", () => {
    const existing = [slice("a", endpoints(0, 95)), slice("b", endpoints(95, 190))];
    const plan = packSlices(existing, [{ ports: HTTP, endpoints: endpoints(0, 200) }]);
    expect(sizes(plan)).to.deep.equal({ kept: { a: 95, b: 95 }, created: [10], deleted: [] });
  });

  it("drops a slice that has lost all its endpoints", () => {
    const existing = [slice("a", endpoints(0, 10)), slice("b", endpoints(10, 20))];
    const plan = packSlices(existing, [{ ports: HTTP, endpoints: endpoints(0, 10) }]);
    expect(sizes(plan)).to.deep.equal({ kept: { a: 10 }, created: [], deleted: ["b"] });
  });

  it("keeps endpoints on different ports apart, and uses a slice again whose ports nobody has any more", () => {
    const existing = [slice("a", endpoints(0, 10))];
    const plan = packSlices(existing, [
      { ports: GRPC, endpoints: endpoints(0, 4) },
      { ports: [], endpoints: endpoints(4, 6) },
    ]);
    expect(sizes(plan)).to.deep.equal({ kept: { a: 4 }, created: [2], deleted: [] });
  });

  it("leaves one slice of nothing for a Service without endpoints", () => {
    expect(packSlices([], []).created).to.deep.equal([{ ports: null, endpoints: null }]);
    const [kept] = packSlices([slice("a", endpoints(0, 10))], []).kept;
    expect(kept?.[1]).to.deep.equal({ ports: null, endpoints: null });
    expect(packSlices([slice("a", null, null)], []).deleted).to.deep.equal([]);
  });
});
