import { expect } from "chai";
import type { Clock } from "../clock.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { eventually, type Script } from "../testing/scripted-server.ts";
import type { ApiClient } from "./api-client.ts";
import { ConflictError, ConnectionError, NotLeadingError } from "./api-error.ts";
import { createGatedClient } from "./gated-client.ts";

type Write = (client: ApiClient) => Promise<unknown>;

const WRITES: Readonly<Record<string, Write>> = {
  create: (client) => client.create("/x", { a: 1 }),
  replace: (client) => client.replace("/x", { a: 1 }),
  jsonPatch: (client) => client.jsonPatch("/x", [{ op: "remove", path: "/a" }]),
  remove: (client) => client.remove("/x", { uid: "u-1" }),
};

describe("the gated client", () => {
  let scripted: ScriptedClient;
  let leftMs: number;
  /** What is due when the time of the leader is over. */
  const timers = new Set<() => void>();
  const clock: Clock = {
    now: () => 0,
    after: (delayMs, callback) => {
      expect(delayMs, "what is left").to.equal(leftMs);
      timers.add(callback);
      return () => timers.delete(callback);
    },
  };

  async function begin(script: Script, protocol: "http/1.1" | "h2" = "http/1.1") {
    scripted = await startScriptedClient(script, { protocol, requestTimeoutMs: 60_000 });
    leftMs = 10_000;
    const gate = { leftMs: () => leftMs };
    return createGatedClient(scripted.client, { gate, clock });
  }

  afterEach(() => scripted.stop());

  const rejectionOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "it did not reject",
      (error: unknown) => error,
    );

  for (const [name, write] of Object.entries(WRITES)) {
    it(`sends ${name} as it is while there is time`, async () => {
      const gated = await begin((_, answer) => answer.json(200, {}));
      await write(gated);
      await write(scripted.client);
      const [behindGate, plain] = scripted.server.requests;
      expect(behindGate?.body).to.deep.equal(plain?.body);
      expect(behindGate?.method).to.equal(plain?.method);
      expect(timers.size, "timers that are left").to.equal(0);
    });

    it(`sends no ${name} when there is none`, async () => {
      const gated = await begin((_, answer) => answer.json(200, {}));
      leftMs = 0;
      const error = await rejectionOf(write(gated));
      expect(error).to.be.instanceOf(NotLeadingError).and.instanceOf(ConflictError);
      expect(scripted.server.requests).to.deep.equal([]);
    });
  }

  it("lets reads pass at any time", async () => {
    const gated = await begin((_, answer) => answer.json(200, { kind: "Pod" }));
    leftMs = 0;
    expect(await gated.get("/x")).to.deep.equal({ kind: "Pod" });
  });

  it("gives up a write whose answer does not come while there is time", async () => {
    const gated = await begin(() => {});
    const rejection = rejectionOf(gated.create("/x", {}));
    await eventually("the request has come", () => scripted.server.requests.length === 1);
    for (const callback of timers) callback();
    expect(await rejection).to.be.instanceOf(ConnectionError);
  });

  // What a process that is stopped between its decision and its request meets when it goes on: no timer has fired yet.
  for (const protocol of ["http/1.1", "h2"] as const) {
    it(`does not send over ${protocol} what waited for its connection while the time ran out`, async () => {
      const gated = await begin((_, answer) => answer.json(200, {}), protocol);
      const rejection = rejectionOf(gated.create("/x", {}));
      leftMs = 0;
      expect(await rejection).to.be.instanceOf(NotLeadingError);
      await scripted.client.get("/after");
      expect(scripted.server.requests.map(({ path }) => path)).to.deep.equal(["/after"]);
    });
  }

  it("does not send again, with fresh credentials, what was refused until the time was over", async () => {
    const gated = await begin((request, answer) => {
      leftMs = 0;
      answer.json(request.method === "POST" ? 401 : 200, {});
    });
    expect(await rejectionOf(gated.create("/x", {}))).to.be.instanceOf(NotLeadingError);
    expect(scripted.server.requests).to.have.lengthOf(1);
  });
});
