import { expect } from "chai";
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { createRandom } from "../../random.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime } from "../../wait-until.ts";
import { createEventRecorder, type EventRecorder } from "./event-recorder.ts";

describe("the event recorder", () => {
  let cluster: SimulatedCluster;
  let recorder: EventRecorder;
  let about: KubeObject;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ hasControllers: false, timeScale: 20_000 });
    const objects: ApiObjects = cluster.parts.objects;
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

  it("writes what is normal about an object however many warnings there were", () => {
    for (let i = 0; i < 40; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    recorder.record(about, "Normal", "Killing", "Stopping container app");
    expect(events().map(({ reason }) => reason)).to.deep.equal(["Unhealthy", "Killing"]);
  });

  it("counts about each part of an object apart, but combines what is similar about all of them", () => {
    for (const part of ["a", "b"]) {
      recorder.record(about, "Warning", "Unhealthy", "no answer", { fieldPath: `spec.containers{${part}}` });
    }
    expect(events().map(({ count }) => count)).to.deep.equal([1, 1]);
    for (let i = 1; i <= 9; i++) {
      recorder.record(about, "Warning", "Unhealthy", `step ${i}`, { fieldPath: `spec.containers{${i}}` });
    }
    expect(events().filter(({ message }) => message.startsWith("(combined"))).to.have.length(1);
  });

  it("keeps the time of the first and tells that of the last", async () => {
    recorder.record(about, "Warning", "Unhealthy", "no answer");
    const begin = events()[0]?.firstTimestamp ?? "";
    await passTime(cluster, 30_000);
    recorder.record(about, "Warning", "Unhealthy", "no answer");
    const [{ firstTimestamp, lastTimestamp } = { firstTimestamp: "", lastTimestamp: "" }] = events();
    expect(firstTimestamp).to.equal(begin);
    expect(Date.parse(lastTimestamp ?? "") - Date.parse(begin)).to.be.at.least(30_000);
  });

  it("combines nothing when ten minutes pass without a similar Event", async () => {
    for (let i = 1; i <= 9; i++) recorder.record(about, "Normal", "Scaled", `step ${i}`);
    await passTime(cluster, 601_000);
    recorder.record(about, "Normal", "Scaled", "step 10");
    expect(events().map(({ message }) => message)).to.include("step 10");
  });

  it("lets one more through every five minutes after a flood, with all that was counted meanwhile", async () => {
    for (let i = 0; i < 30; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    await passTime(cluster, 301_000);
    for (let i = 0; i < 5; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    expect(events()[0]?.count).to.equal(31);
  });

  it("counts floods by object, whatever their reasons", () => {
    for (let i = 0; i < 25; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    recorder.record(about, "Warning", "BackOff", "one more");
    expect(events().map(({ reason }) => reason)).to.deep.equal(["Unhealthy"]);
  });

  it("writes an Event anew that was deleted, with its whole count", () => {
    for (let i = 0; i < 2; i++) recorder.record(about, "Warning", "Unhealthy", "no answer");
    cluster.store.delete("events", "shop", events()[0]?.metadata.name ?? "");
    recorder.record(about, "Warning", "Unhealthy", "no answer");
    expect(events().map(({ count }) => count)).to.deep.equal([3]);
  });
});
