import { expect } from "chai";
import type { EventToPublish } from "../../domain/effects/effect.ts";
import { asObject, asText } from "../objects.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import type { Script } from "../testing/scripted-server.ts";
import { EventPublisher, type EventSubject } from "./event-publisher.ts";

const START = Date.parse("2026-03-01T12:00:00Z");
const MINUTE = 60_000;
const subject: EventSubject = { kind: "Deployment", namespace: "shop", name: "checkout", uid: "uid-1" };
const event = (message = "Rolled back to 3."): EventToPublish => ({
  on: "Workload",
  type: "Warning",
  reason: "RollingBack",
  message,
});

describe("EventPublisher", () => {
  let scripted: ScriptedClient;
  let now: number;
  let problems: string[];
  afterEach(() => scripted.stop());

  const begin = async (script: Script = (_, answer) => answer.json(201, {})) => {
    scripted = await startScriptedClient(script);
    now = START;
    problems = [];
    return new EventPublisher({
      client: scripted.client,
      clock: { now: () => now },
      reportingInstance: "rolloutguard-0",
      chance: () => 0,
      onProblem: (message) => problems.push(message),
    });
  };
  const sent = () => scripted.server.requests;

  it("creates an Event about the object", async () => {
    const publisher = await begin();
    expect(await publisher.publish(subject, event())).to.equal("sent");
    expect(sent()[0]).to.deep.include({ method: "POST", path: "/api/v1/namespaces/shop/events" });
    expect(sent()[0]?.body).to.deep.equal({
      apiVersion: "v1",
      kind: "Event",
      metadata: { namespace: "shop", name: `checkout.${START.toString(36)}0000` },
      involvedObject: {
        apiVersion: "apps/v1",
        kind: "Deployment",
        namespace: "shop",
        name: "checkout",
        uid: "uid-1",
      },
      type: "Warning",
      reason: "RollingBack",
      message: "Rolled back to 3.",
      count: 1,
      firstTimestamp: "2026-03-01T12:00:00Z",
      lastTimestamp: "2026-03-01T12:00:00Z",
      source: { component: "rolloutguard" },
      reportingComponent: "rolloutguard.io",
      reportingInstance: "rolloutguard-0",
    });
  });

  it("names a guard as what it is", async () => {
    const publisher = await begin();
    await publisher.publish({ ...subject, kind: "RolloutGuard" }, event());
    expect(asObject(asObject(sent()[0]?.body).involvedObject)).to.include({
      apiVersion: "rolloutguard.io/v1alpha1",
      kind: "RolloutGuard",
    });
  });

  it("drops the same Event within ten minutes and counts it up afterwards", async () => {
    const publisher = await begin();
    await publisher.publish(subject, event());
    now += 10 * MINUTE - 1;
    expect(await publisher.publish(subject, event())).to.equal("dropped");
    now += 1;
    expect(await publisher.publish(subject, event())).to.equal("sent");
    expect(sent()).to.have.length(2);
    expect(sent()[1]).to.deep.include({
      method: "PATCH",
      path: `/api/v1/namespaces/shop/events/checkout.${START.toString(36)}0000`,
      body: [
        { op: "replace", path: "/count", value: 2 },
        { op: "replace", path: "/lastTimestamp", value: "2026-03-01T12:10:00Z" },
      ],
    });
  });

  it("creates it anew when the first has expired", async () => {
    const publisher = await begin((request, answer) =>
      answer.json(request.method === "PATCH" ? 404 : 201, {}),
    );
    await publisher.publish(subject, event());
    now += 90 * MINUTE;
    expect(await publisher.publish(subject, event())).to.equal("sent");
    expect(sent().map(({ method }) => method)).to.deep.equal(["POST", "PATCH", "POST"]);
  });

  it("sends what differs in message, object or type", async () => {
    const publisher = await begin();
    for (const [about, what] of [
      [subject, event()],
      [subject, event("Another.")],
      [subject, { ...event(), type: "Normal" }],
      [{ ...subject, uid: "uid-2" }, event()],
    ] satisfies [EventSubject, EventToPublish][]) {
      expect(await publisher.publish(about, what)).to.equal("sent");
    }
  });

  it("says at most 25 things about one object at once, then one in five minutes", async () => {
    const publisher = await begin();
    const results: string[] = [];
    for (let index = 0; index < 30; index++)
      results.push(await publisher.publish(subject, event(`m${index}`)));
    expect(results.filter((result) => result === "sent")).to.have.length(25);
    expect(await publisher.publish({ ...subject, uid: "other" }, event("m"))).to.equal("sent");
    now += 5 * MINUTE;
    expect(await publisher.publish(subject, event("late 1"))).to.equal("sent");
    expect(await publisher.publish(subject, event("late 2"))).to.equal("dropped");
  });

  it("cuts a message to 1024 bytes, never inside a character", async () => {
    const publisher = await begin();
    await publisher.publish(subject, event("ü".repeat(600)));
    const message = asText(asObject(sent()[0]?.body).message);
    expect(Buffer.byteLength(message)).to.be.within(1_020, 1_024);
    expect(message).to.match(/^ü+…$/);
  });

  it("sends nothing that would steer a terminal", async () => {
    const publisher = await begin();
    await publisher.publish(subject, event("\u001b[31mred\r\u0007 \ud83d"));
    expect(asText(asObject(sent()[0]?.body).message)).to.equal("red\uFFFD \uFFFD");
  });

  it("makes a valid name for an object with a very long one", async () => {
    const publisher = await begin();
    await publisher.publish({ ...subject, name: `${"a".repeat(199)}.${"b".repeat(50)}` }, event());
    const name = asText(asObject(asObject(sent()[0]?.body).metadata).name);
    expect(name).to.match(/^a{199}\.[a-z0-9]+$/);
  });

  it("never fails its caller: a refusal is reported, and the Event may be sent again", async () => {
    let isRefusing = true;
    const publisher = await begin((_, answer) => (isRefusing ? answer.json(403, {}) : answer.json(201, {})));
    expect(await publisher.publish(subject, event())).to.equal("failed");
    expect(problems).to.deep.equal(["Cannot publish Event RollingBack on Deployment shop/checkout."]);
    isRefusing = false;
    expect(await publisher.publish(subject, event())).to.equal("sent");
  });

  it("has nothing to report when the namespace is being deleted", async () => {
    const causes = [{ reason: "NamespaceTerminating", message: "namespace shop is being terminated" }];
    const publisher = await begin((_, answer) => answer.json(403, { details: { causes } }));
    expect(await publisher.publish(subject, event())).to.equal("dropped");
    expect(problems).to.deep.equal([]);
  });
});
