import { expect } from "chai";
import type { KubeObject } from "../api-server/kube-object.ts";
import type { ApiObjects } from "../api-server/objects.ts";
import { createRandom } from "../random.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { createEventRecorder, type EventRecorder } from "./event-recorder.ts";

describe("the event recorder", () => {
  let cluster: SimulatedCluster;
  let recorder: EventRecorder;
  let about: KubeObject;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false });
    const objects: ApiObjects = cluster.store;
    recorder = createEventRecorder(
      { objects, time: cluster.time, random: createRandom(1) },
      { component: "test" },
    );
    about = objects.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a", namespace: "shop" },
    });
  });

  afterEach(() => cluster.stop());

  const events = () => cluster.store.list("events", "shop");

  it("counts an Event that happens again", () => {
    for (let i = 0; i < 3; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    expect(events().map(({ message, count }) => [message, count])).to.deep.equal([["no answer", 3]]);
  });

  it("keeps different messages apart, and combines them from the tenth on", () => {
    for (let i = 1; i <= 12; i++) recorder.record(about, "Normal", "Scaled", `step ${i}`);
    const combined = events().filter(({ message }) => message.startsWith("(combined from similar events): "));
    expect(events()).to.have.length(10);
    expect(combined.map(({ message, count }) => [message, count])).to.deep.equal([
      ["(combined from similar events): step 12", 3],
    ]);
  });

  it("writes no more than a burst about one object, but goes on counting", () => {
    for (let i = 0; i < 40; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    expect(events()[0]?.count).to.equal(25);
  });
});
