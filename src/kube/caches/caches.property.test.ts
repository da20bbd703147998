// Properties of the caches: no input throws, and the order in which objects arrive does not matter.
import { expect } from "chai";
import fc from "fast-check";
import type { RawObject } from "../objects.ts";
import { observe } from "../observe.ts";
import { RESOURCES, type ResourceName } from "../resources.ts";
import {
  CREATED_AT,
  rawDeployment,
  rawEvent,
  rawGuard,
  rawIncident,
  rawPod,
  rawReplicaSet,
  rawService,
  rawSlice,
  waiting,
} from "../testing/raw-objects.ts";
import { Caches } from "./caches.ts";

const RESOURCE_NAMES = Object.keys(RESOURCES) as ResourceName[];

const UNAVAILABLE = [
  { type: "Available", status: "False", lastTransitionTime: "2026-03-01T10:30:00Z" },
  {
    type: "Progressing",
    status: "True",
    reason: "NewReplicaSetAvailable",
    lastUpdateTime: "2026-03-01T10:00:00Z",
  },
];

const WORLD: readonly (readonly [ResourceName, RawObject])[] = [
  [
    "rolloutguards",
    rawGuard("guard", "web", { status: { services: [{ name: "remembered", endpoints: 2 }] } }),
  ],
  ["rolloutguards", rawGuard("younger", "web", { metadata: { creationTimestamp: "2026-03-02T10:00:00Z" } })],
  ["rolloutguards", rawGuard("neighbour", "api", { status: { phase: "Healthy" } })],
  ["deployments", rawDeployment("web")],
  ["deployments", rawDeployment("api", { status: { conditions: UNAVAILABLE } })],
  ["replicasets", rawReplicaSet("web", "a")],
  ["replicasets", rawReplicaSet("web", "b")],
  ["pods", rawPod("web-a-1", "web-a")],
  ["pods", rawPod("web-b-1", "web-b", { containers: [waiting("ErrImagePull")] })],
  ["pods", rawPod("web-b-2", "web-b")],
  ["services", rawService("web", { app: "web" })],
  ["services", rawService("remembered", { app: "other" })],
  ["endpointslices", rawSlice("web", ["web-a-1"])],
  ["endpointslices", rawSlice("web", ["web-b-2"], { name: "web-2" })],
  ["endpoints", { metadata: { name: "web", namespace: "shop" }, subsets: [] }],
  ["events", rawEvent("e1", "Pod", "web-b-1")],
  ["events", rawEvent("e2", "Deployment", "web")],
  ["incidents", rawIncident("i1", "web")],
];

function snapshotAfter(objects: readonly (readonly [ResourceName, RawObject])[]) {
  const caches = new Caches();
  let wasReported = false;
  caches.onChange((key) => {
    if (key === "shop/guard/Deployment/web") wasReported = true;
  });
  for (const [resource, object] of objects) caches.apply(resource, "ADDED", object, CREATED_AT);
  return { snapshot: observe(caches, "shop/guard/Deployment/web", { observeOnly: false }), wasReported };
}

/** The object with one of its fields, however deep, replaced by something else. */
function spoiled(object: unknown, path: readonly number[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof object !== "object" || object === null) return by;
  const keys = Object.keys(object);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return by;
  if (Array.isArray(object))
    return object.map((item, index) => (String(index) === key ? spoiled(item, rest, by) : item));
  return { ...object, [key]: spoiled((object as RawObject)[key], rest, by) };
}

describe("Caches, whatever arrives", () => {
  it("make the same snapshot of the same objects in any order, and announce it", () => {
    const expected = snapshotAfter(WORLD);
    expect(
      expected.snapshot?.services.map(({ name, readyEndpoints }) => [name, readyEndpoints]),
    ).to.deep.equal([
      ["remembered", 0],
      ["web", 2],
    ]);
    expect(expected.snapshot?.surroundings.outages).to.have.length(1);
    fc.assert(
      fc.property(fc.shuffledSubarray([...WORLD], { minLength: WORLD.length }), (shuffled) => {
        expect(snapshotAfter(shuffled)).to.deep.equal(expected);
      }),
    );
  });

  it("announce the guard last of all when the last object to arrive concerns it", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...WORLD], { minLength: WORLD.length }), (shuffled) => {
        const caches = new Caches();
        // What happens to others is read when the guard is decided on; it announces nothing.
        const seen = () =>
          JSON.stringify({
            ...observe(caches, "shop/guard/Deployment/web", { observeOnly: false }),
            surroundings: undefined,
          });
        let reported = JSON.stringify({});
        caches.onChange(() => {
          reported = seen();
        });
        for (const [resource, object] of shuffled) {
          if (resource === "rolloutguards" && object !== WORLD[0]?.[1]) continue;
          caches.apply(resource, "ADDED", object, CREATED_AT);
        }
        expect(reported).to.equal(seen());
      }),
    );
  });

  it("throw on no JSON in any place of any object", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WORLD),
        fc.array(fc.nat(20), { maxLength: 9 }),
        fc.jsonValue(),
        fc.constantFrom("ADDED", "MODIFIED", "DELETED"),
        ([resource, object], path, garbage, type) => {
          const caches = new Caches();
          for (const [each, healthy] of WORLD) caches.apply(each, "ADDED", healthy, CREATED_AT);
          caches.apply(resource, type, spoiled(object, path, garbage) as RawObject, CREATED_AT);
          for (const key of caches.reconcileKeys()) observe(caches, key, { observeOnly: false });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("throw on no JSON at all", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RESOURCE_NAMES),
        fc.jsonValue(),
        fc.jsonValue(),
        (resource, spec, status) => {
          const caches = new Caches();
          caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), CREATED_AT);
          caches.apply(
            resource,
            "ADDED",
            { metadata: { name: "guard", namespace: "shop" }, spec, status },
            CREATED_AT,
          );
          caches.apply(resource, "ADDED", spec as RawObject, CREATED_AT);
          for (const key of caches.reconcileKeys()) observe(caches, key, { observeOnly: false });
        },
      ),
    );
  });
});
