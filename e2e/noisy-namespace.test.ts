// A namespace that changes heavy objects without end: what it costs is bounded, and another namespace's changes are taken at once.
import { expect } from "chai";
import { HOSTILE_PIECES } from "../src/domain/testing/growth.ts";
import { Caches } from "../src/kube/caches/caches.ts";
import type { RawObject } from "../src/kube/objects.ts";
import { ProcessorBudget } from "../src/kube/processor-budget.ts";
import { ManualClock } from "../src/kube/testing/manual-clock.ts";
import { rawDeployment, rawGuard, rawPod, rawReplicaSet } from "../src/kube/testing/raw-objects.ts";

/** A clock whose processor time is that of this thread, while its own time stands still. */
class MeasuringClock extends ManualClock {
  override processorMs(): number {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  }
}

const inNamespace = (namespace: string, object: RawObject, version: number): RawObject => ({
  ...object,
  metadata: { ...(object["metadata"] as RawObject), namespace, resourceVersion: String(version) },
});

/** 500 values of all lengths, and messages in which each of them begins everywhere. */
function heavyPod(name: string): RawObject {
  const env = Array.from({ length: 500 }, (_, index) => ({
    name: `V${index}`,
    value: "a".repeat(5 + index * 4),
  }));
  const message = "a".repeat(4_000);
  const containers = Array.from({ length: 20 }, (_, index) => ({
    name: `c${index}`,
    state: { terminated: { exitCode: 1, message } },
  }));
  const pod = rawPod(name, "web-a", { containers });
  return { ...pod, spec: { ...(pod["spec"] as RawObject), containers: [{ name: "c", env }] } };
}

describe("a noisy namespace", () => {
  it("takes a bounded part of the processor, and lets another namespace's changes through at once", () => {
    const clock = new MeasuringClock();
    const budget = new ProcessorBudget();
    const caches = new Caches({ onlyGuarded: true, deferring: { budget, clock } });
    const sink = (resource: Parameters<Caches["sinkFor"]>[0]) => caches.sinkFor(resource);
    for (const namespace of ["noisy", "shop"]) {
      const put = (resource: Parameters<Caches["sinkFor"]>[0], object: RawObject) =>
        sink(resource).apply("ADDED", inNamespace(namespace, object, 1), clock.now());
      put("rolloutguards", rawGuard("guard", "web"));
      put("deployments", rawDeployment("web"));
      put("replicasets", rawReplicaSet("web-a", "web"));
    }
    const heavy = heavyPod("web-a-1");
    const before = clock.processorMs();
    // Minutes of work at one moment: what is beyond the burst has to wait.
    for (let version = 2; version < 2_000; version++)
      sink("pods").apply("MODIFIED", inNamespace("noisy", heavy, version), clock.now());
    expect(clock.processorMs() - before, "ms of processor time").to.be.below(2_500);
    sink("pods").apply("ADDED", inNamespace("shop", rawPod("web-a-1", "web-a"), 3_000), clock.now());
    expect(caches.resourceVersionOf("pods", "shop", "web-a-1")).to.equal("3000");
    clock.advance(60_000);
    expect(caches.resourceVersionOf("pods", "noisy", "web-a-1"), "the newest in the end").to.equal("1999");
  });

  it("is not even parsed while it waits", () => {
    const clock = new MeasuringClock();
    const budget = new ProcessorBudget();
    const caches = new Caches({ onlyGuarded: true, deferring: { budget, clock } });
    caches.sinkFor("rolloutguards").apply("ADDED", inNamespace("noisy", rawGuard("guard", "web"), 1), 0);
    // Half a megabyte of what costs most to parse, and of which nothing is kept.
    const fieldsV1 = Object.fromEntries(Array.from({ length: 40_000 }, (_, index) => [`f:k${index}`, {}]));
    const pod = rawPod("web-a-1", "web-a");
    const metadata = { ...(pod["metadata"] as RawObject), managedFields: [{ fieldsV1 }] };
    const text = JSON.stringify(inNamespace("noisy", { ...pod, metadata }, 2));
    const sink = caches.sinkFor("pods");
    const before = clock.processorMs();
    let parsed = 0;
    const read = () => {
      parsed += 1;
      return JSON.parse(text) as RawObject;
    };
    const change = {
      type: "MODIFIED",
      namespace: "noisy",
      name: "web-a-1",
      length: text.length,
      read,
    } as const;
    for (let version = 2; version < 2_000; version++) sink.applyUnread?.(change, clock.now());
    expect(parsed).to.be.above(0).and.below(1_000);
    expect(clock.processorMs() - before, "ms of processor time").to.be.below(2_500);
    clock.advance(60_000);
    expect(caches.resourceVersionOf("pods", "noisy", "web-a-1"), "the newest in the end").to.equal("2");
  });

  it("has nothing that would stop the process when an annotation of 250 kB is changed again and again", () => {
    const caches = new Caches();
    const clock = new MeasuringClock();
    const times = HOSTILE_PIECES.map((piece, version) => {
      const annotations = { "rolloutguard.io/veto": piece.repeat(Math.ceil(250_000 / piece.length)) };
      const object = rawDeployment("web");
      const metadata = { ...(object["metadata"] as RawObject), annotations };
      const before = clock.processorMs();
      caches.apply(
        "deployments",
        "MODIFIED",
        inNamespace("noisy", { ...object, metadata }, version),
        clock.now(),
      );
      return clock.processorMs() - before;
    });
    expect(Math.max(...times), "ms of processor time a change").to.be.below(100);
  });
});
