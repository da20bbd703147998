import { expect } from "chai";
import { GROUNDS, type Ground } from "../domain/snapshot/ground.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { Caches } from "./caches/caches.ts";
import { observe } from "./observe.ts";
import { readGrounds } from "./read-grounds.ts";
import {
  atVersion,
  rawDeployment,
  rawGuard,
  rawPod,
  rawReplicaSet,
  rawService,
  rawSlice,
} from "./testing/raw-objects.ts";

const KEY = "shop/checkout/Deployment/checkout";
const NOW = Date.parse("2026-03-02T09:00:00Z");
const SELECTOR = { app: "checkout" };

/** Caches with a guard, its Deployment with two pods behind a Service, and a neighbour that is none of its business. */
function aShop() {
  const caches = new Caches();
  const add = (resource: Parameters<Caches["apply"]>[0], ...objects: Parameters<Caches["apply"]>[2][]) => {
    for (const object of objects) caches.apply(resource, "ADDED", atVersion(object, "100"), NOW);
  };
  add("rolloutguards", rawGuard("checkout", "checkout"));
  add("deployments", rawDeployment("checkout"), rawDeployment("cart"));
  add("replicasets", rawReplicaSet("checkout", "aaaa"), rawReplicaSet("cart", "cccc"));
  add("pods", rawPod("checkout-1", "checkout-aaaa"), rawPod("checkout-2", "checkout-aaaa"));
  add("pods", rawPod("cart-1", "cart-cccc"));
  add("services", rawService("checkout", SELECTOR));
  add("endpointslices", rawSlice("checkout", []), rawSlice("cart", ["cart-1"]));
  const seen = (): Snapshot => {
    const snapshot = observe(caches, KEY, { observeOnly: false });
    if (!snapshot) throw new Error("there is no guard");
    return snapshot;
  };
  return { caches, seen };
}

/** Reads the grounds from an API server that has these objects; resolves with what it was asked. */
async function read(
  { caches, seen }: ReturnType<typeof aShop>,
  restsOn: readonly Ground[],
  items: Readonly<Record<string, readonly object[]>> = {},
  endpoints: "endpointslices" | "endpoints" = "endpointslices",
): Promise<string[]> {
  const asked: string[] = [];
  const client = {
    get: async (path: string, { labelSelector = "" }: { labelSelector?: unknown } = {}) => {
      const resource = path.split("/").at(-1) ?? "";
      asked.push([resource, labelSelector].filter(Boolean).join(" "));
      return { metadata: { resourceVersion: "200" }, items: items[resource] ?? [] };
    },
  };
  const options = { client, clock: { now: () => NOW + 1_000 }, caches, endpoints };
  await readGrounds(options, seen(), restsOn);
  return asked.toSorted();
}

describe("readGrounds", () => {
  it("asks only for what a decision rests on, and only about the workload and its Services", async () => {
    expect(await read(aShop(), [])).to.deep.equal([]);
    expect(await read(aShop(), ["pods"])).to.deep.equal(["pods pod-template-hash in (aaaa)"]);
    expect(await read(aShop(), ["endpoints"])).to.deep.equal([
      "endpointslices kubernetes.io/service-name in (checkout)",
      "services",
    ]);
    expect(await read(aShop(), GROUNDS)).to.have.length(3);
  });

  it("asks for the Endpoints of the namespace where there are no EndpointSlices", async () => {
    expect(await read(aShop(), ["endpoints"], {}, "endpoints")).to.deep.equal(["endpoints", "services"]);
  });

  it("shows what was read at once, and takes what is missing for gone, of the part that was asked for alone", async () => {
    const shop = aShop();
    const items = {
      pods: [rawPod("checkout-2", "checkout-aaaa"), rawPod("checkout-3", "checkout-aaaa")],
      services: [rawService("checkout", SELECTOR)],
      endpointslices: [rawSlice("checkout", ["checkout-2", "checkout-3"])],
    };
    const newer = Object.fromEntries(
      Object.entries(items).map(([resource, objects]) => [
        resource,
        objects.map((object) => atVersion(object, "200")),
      ]),
    );
    expect(shop.seen().services[0]?.readyEndpoints).to.equal(0);
    await read(shop, GROUNDS, newer);
    expect(shop.seen().pods.map(({ name }) => name)).to.deep.equal(["checkout-2", "checkout-3"]);
    expect(shop.seen().services[0]?.readyEndpoints).to.equal(2);
    expect(shop.caches.contents.pods.get("shop", "cart-1"), "a pod of the neighbour").not.to.equal(undefined);
    expect(shop.caches.contents.slices.get("shop", "cart-1"), "its slice").not.to.equal(undefined);
  });

  it("rejects when one of them cannot be read, and nothing counts as deleted", async () => {
    const shop = aShop();
    const client = { get: () => Promise.reject(new Error("no")) };
    const options = {
      client,
      clock: { now: () => NOW },
      caches: shop.caches,
      endpoints: "endpointslices",
    } as const;
    const failure: unknown = await readGrounds(options, shop.seen(), GROUNDS).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(Error);
    expect(shop.seen().pods).to.have.length(2);
  });
});
