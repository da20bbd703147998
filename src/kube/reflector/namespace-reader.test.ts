import { expect } from "chai";
import type { ResourceName } from "../resources.ts";
import { pageOf, RecordingSink } from "../testing/recording-sink.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { eventually, type Script, statusBody } from "../testing/scripted-server.ts";
import { NamespaceReader } from "./namespace-reader.ts";

const RESOURCES: readonly ResourceName[] = ["pods", "services"];

describe("NamespaceReader", () => {
  let scripted: ScriptedClient;
  let reader: NamespaceReader;
  let sinks: Record<string, RecordingSink>;
  let read: string[];
  let problems: string[];

  const begin = async (script: Script, evidence?: ResourceName) => {
    scripted = await startScriptedClient(script);
    sinks = { pods: new RecordingSink(), services: new RecordingSink() };
    read = [];
    problems = [];
    reader = new NamespaceReader({
      feedsOf: (namespace) =>
        RESOURCES.map((resource) => ({
          client: scripted.client,
          clock: scripted.clock,
          resource,
          namespace,
          sink: sinks[resource] ?? new RecordingSink(),
          onProblem: (message: string) => problems.push(message),
          isOnlyEvidence: evidence === resource,
        })),
      onRead: (namespace) => read.push(namespace),
      chance: () => 0.5,
    });
  };

  afterEach(async () => {
    await reader.stop();
    await scripted.stop();
  });

  it("reads every resource of the namespace, and says when all is there", async () => {
    await begin((_, answer) => answer.json(200, pageOf(["a"])));
    reader.read("shop");
    await eventually("the namespace was read", () => read.length > 0);
    expect(read).to.deep.equal(["shop"]);
    expect(scripted.server.requests.map(({ path }) => path)).to.have.members([
      "/api/v1/namespaces/shop/pods",
      "/api/v1/namespaces/shop/services",
    ]);
    expect([sinks["pods"]?.story, sinks["services"]?.story]).to.deep.equal([["=a"], ["=a"]]);
  });

  it("tries again what fails, tells of it, and gives the broken list up", async () => {
    let failures = 3;
    await begin(({ path }, answer) => {
      if (path.endsWith("/pods") && failures-- > 0)
        answer.json(503, statusBody(503, "ServiceUnavailable", "away"));
      else answer.json(200, pageOf(["a"]));
    });
    reader.read("shop");
    await eventually("the namespace was read", () => read.length > 0);
    expect(problems).to.have.length(3);
    expect([sinks["pods"]?.begun, sinks["pods"]?.abandoned, sinks["pods"]?.committed]).to.deep.equal([
      4, 3, 1,
    ]);
  });

  it("tries once what is only evidence before it continues, and keeps retrying", async () => {
    let isAllowed = false;
    await begin(({ path }, answer) => {
      if (path.endsWith("/services") && !isAllowed)
        answer.json(500, statusBody(500, "InternalError", "broken"));
      else answer.json(200, pageOf(["a"]));
    }, "services");
    reader.read("shop");
    await eventually("the namespace was read", () => read.length > 0);
    expect(problems).to.have.length.above(0);
    expect(sinks["services"]?.committed).to.equal(0);
    isAllowed = true;
    await eventually("the rest was read", () => sinks["services"]?.committed === 1);
    expect(read).to.deep.equal(["shop"]);
  });

  it("says only once that a namespace is read that it was told to read anew meanwhile", async () => {
    await begin((_, answer) => void setTimeout(() => answer.json(200, pageOf(["a"])), 20));
    reader.read("shop");
    reader.read("shop");
    await eventually("the namespace was read", () => read.length > 0);
    await reader.stop();
    expect(read).to.deep.equal(["shop"]);
    expect(sinks["pods"]?.committed).to.equal(1);
  });

  it("says nothing of a namespace when it is stopped", async () => {
    await begin(() => {});
    reader.read("shop");
    await eventually("it asked", () => scripted.server.requests.length > 0);
    await reader.stop();
    expect([read, problems]).to.deep.equal([[], []]);
  });
});
