// Probes that fail: what the kubelet says of them, and what it does to the container. Needs a kubelet, real or simulated.
import { expect } from "chai";
import type { ContractCase } from "../contract-case.ts";
import { webPod } from "../manifests.ts";
import { conditionOf, eventOf, NOT_READY, podThat, podWhose } from "../pods.ts";

export const PROBES: readonly ContractCase[] = [
  {
    title:
      "a readiness probe that nobody answers is Unhealthy: connection refused, and the container is not ready",
    needsKubelet: true,
    async play(site) {
      const probe = { httpGet: { path: "/healthz", port: 9999 }, periodSeconds: 1 };
      await site.create("pods", webPod({ container: { readinessProbe: probe } }));
      const event = await eventOf(site, "Unhealthy", /./);
      expect(event.type).to.equal("Warning");
      expect(event.message).to.match(
        /^Readiness probe failed: Get "http:\/\/[\d.]+:9999\/healthz": dial tcp [\d.]+:9999: connect: connection refused$/,
      );
      expect(event.involvedObject).to.include({
        kind: "Pod",
        name: "web",
        fieldPath: "spec.containers{app}",
      });
      expect(event.source).to.include({ component: "kubelet" });
      const { pod, status } = await podThat(site, "it runs", ({ state }) => state.running !== undefined);
      expect([status.ready, status.started, status.restartCount]).to.deep.equal([false, true, 0]);
      expect(conditionOf(pod, "Ready")).to.deep.equal(NOT_READY);
      expect(conditionOf(pod, "ContainersReady")).to.deep.equal(NOT_READY);
    },
  },
  {
    title: "a readiness probe that is answered with 500 is Unhealthy with that status code",
    needsKubelet: true,
    async play(site) {
      await site.create("pods", webPod({ env: { HEALTH: "500" } }));
      await eventOf(site, "Unhealthy", /^Readiness probe failed: HTTP probe failed with statuscode: 500$/);
    },
  },
  {
    title: "a readiness probe that is answered too late is Unhealthy: Client.Timeout exceeded",
    needsKubelet: true,
    async play(site) {
      await site.create("pods", webPod({ env: { HEALTH_DELAY: "5s" } }));
      await eventOf(
        site,
        "Unhealthy",
        /^Readiness probe failed: Get "http:\/\/[\d.]+:8080\/healthz": context deadline exceeded \(Client\.Timeout exceeded while awaiting headers\)$/,
      );
    },
  },
  {
    title: "a probe that fails again and again is counted up in one Event",
    needsKubelet: true,
    async play(site) {
      await site.create("pods", webPod({ env: { HEALTH: "500" } }));
      const event = await site.eventually("it has failed three times", async () => {
        const events = await site.events("web");
        return events.find(({ reason, count }) => reason === "Unhealthy" && Number(count) >= 3);
      });
      expect(Date.parse(event.lastTimestamp ?? "")).to.be.above(Date.parse(event.firstTimestamp ?? ""));
    },
  },
  {
    title: "a liveness probe that fails three times kills the container, which is restarted at once",
    needsKubelet: true,
    async play(site) {
      const livenessProbe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 };
      const { status } = await podWhose(
        site,
        { env: { HEALTH: "500" }, container: { livenessProbe } },
        "it was restarted",
        ({ restartCount }) => restartCount === 1,
      );
      expect(status.lastState.terminated).to.include({ exitCode: 2, reason: "Error" });
      await eventOf(site, "Unhealthy", /^Liveness probe failed: HTTP probe failed with statuscode: 500$/);
      const killing = await eventOf(site, "Killing", /./);
      expect([killing.type, killing.message]).to.deep.equal([
        "Normal",
        "Container app failed liveness probe, will be restarted",
      ]);
    },
  },
  {
    title: "a startup probe holds back readiness, and kills when it has failed for too long",
    needsKubelet: true,
    async play(site) {
      const startupProbe = {
        httpGet: { path: "/healthz", port: 8080 },
        periodSeconds: 1,
        failureThreshold: 2,
      };
      await site.create("pods", webPod({ env: { HEALTH: "500" }, container: { startupProbe } }));
      await eventOf(site, "Unhealthy", /^Startup probe failed: HTTP probe failed with statuscode: 500$/);
      await eventOf(site, "Killing", /^Container app failed startup probe, will be restarted$/);
      const events = await site.events("web");
      expect(events.filter(({ message }) => message.startsWith("Readiness"))).to.deep.equal([]);
    },
  },
];
