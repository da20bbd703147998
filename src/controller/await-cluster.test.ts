import { expect } from "chai";
import { MissingCrdsError } from "../kube/connection/discovery.ts";
import { startScriptedClient } from "../kube/testing/scripted-client.ts";
import { awaitCluster } from "./await-cluster.ts";
import { createLogRecorder } from "./testing/log-recorder.ts";

const OWN = { resources: [{ name: "rolloutguards" }, { name: "incidents" }] };

describe("awaitCluster", () => {
  it("asks again until the API server answers, and says so each time", async () => {
    let asked = 0;
    const scripted = await startScriptedClient(({ path }, answer) => {
      asked += 1;
      if (asked <= 6) answer.json(500, { reason: "InternalError", message: "etcd is not there yet" });
      else if (path === "/version") answer.json(200, { gitVersion: "v1.36.2" });
      else answer.json(200, path.startsWith("/apis/rolloutguard.io") ? OWN : { resources: [] });
    });
    const { logger, lines } = createLogRecorder();
    const signal = new AbortController().signal;
    try {
      const offer = await awaitCluster(scripted.client, { clock: scripted.clock, logger, signal });
      expect(offer).to.deep.equal({ serverVersion: "v1.36.2", hasEndpointSlices: false });
      expect(lines.map(({ level }) => level)).to.deep.equal(["warn", "warn"]);
      expect(lines[0]?.message).to.contain("etcd is not there yet").and.contain("retrying in 0.5s");
    } finally {
      await scripted.stop();
    }
  });

  it("does not wait for CRDs that are not installed", async () => {
    const scripted = await startScriptedClient((_request, answer) => {
      answer.json(404, { reason: "NotFound" });
    });
    const { logger } = createLogRecorder();
    try {
      const waiting = awaitCluster(scripted.client, {
        clock: scripted.clock,
        logger,
        signal: new AbortController().signal,
      });
      expect(await waiting.catch((error: unknown) => error)).to.be.instanceOf(MissingCrdsError);
    } finally {
      await scripted.stop();
    }
  });

  it("gives up when it is told to stop", async () => {
    const stopping = new AbortController();
    const scripted = await startScriptedClient((_request, answer) => {
      stopping.abort();
      answer.json(500, {});
    });
    const { logger, lines } = createLogRecorder();
    try {
      expect(
        await awaitCluster(scripted.client, { clock: scripted.clock, logger, signal: stopping.signal }),
      ).to.equal(undefined);
      expect(lines).to.deep.equal([]);
    } finally {
      await scripted.stop();
    }
  });
});
