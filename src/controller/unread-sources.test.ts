import { expect } from "chai";
import type { ResourceName } from "../kube/resources.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import type { Source } from "./source.ts";
import { createLogRecorder } from "./testing/log-recorder.ts";
import { UnreadSources } from "./unread-sources.ts";

const NO_RIGHT = "RolloutGuard has no permission to list pods in the whole cluster.";

function aSource(resource: ResourceName, namespace?: string) {
  const state: { behindSinceAt: number | undefined } = { behindSinceAt: undefined };
  const source: Source = {
    name: namespace ? `${resource} of ${namespace}` : resource,
    resource,
    namespace,
    hasSynced: true,
    isOnlyEvidence: resource === "events",
    problem: NO_RIGHT,
    get isCurrent() {
      return state.behindSinceAt === undefined;
    },
    get behindSinceAt() {
      return state.behindSinceAt;
    },
    start: () => {},
    whenSynced: async () => {},
    stop: async () => {},
  };
  return { source, state };
}

function watched(...resources: readonly ReturnType<typeof aSource>[]) {
  const clock = new ManualClock();
  const { logger, lines } = createLogRecorder();
  const metrics = createMetrics({ version: "test" });
  const unread = new UnreadSources({
    sources: resources.map(({ source }) => source),
    clock,
    logger,
    metrics,
  });
  const changes: number[] = [];
  unread.start(() => changes.push(clock.now()));
  const reported = () => lines.map(({ level, message }) => `${level}: ${message}`);
  return { clock, unread, changes, reported, metrics };
}

describe("UnreadSources", () => {
  it("names a source that has been away for a minute, once in the log, until it is back", () => {
    const pods = aSource("pods");
    const { clock, unread, changes, reported } = watched(pods, aSource("services"));
    pods.state.behindSinceAt = clock.now();
    clock.advance(59_000);
    expect(unread.in("shop")).to.deep.equal([]);
    clock.advance(600_000);
    expect(unread.in("shop")).to.deep.equal([{ need: "pods", resource: "pods", why: NO_RIGHT }]);
    expect(unread.names()).to.deep.equal(["pods"]);
    expect(unread.includes(pods.source)).to.equal(true);
    pods.state.behindSinceAt = undefined;
    clock.advance(10_000);
    expect(unread.in("shop")).to.deep.equal([]);
    expect(reported()).to.deep.equal([
      `error: no current data for a minute: pods; decisions that depend on it are suspended: ${NO_RIGHT}`,
      "info: data is current again: pods",
    ]);
    expect(changes).to.have.length(2);
  });

  it("tells of all that went away together in one line", () => {
    const [pods, services] = [aSource("pods"), aSource("services")];
    const { clock, reported } = watched(pods, services);
    pods.state.behindSinceAt = services.state.behindSinceAt = clock.now();
    clock.advance(120_000);
    expect(reported()).to.have.length(1);
    expect(reported()[0]).to.contain("pods, services");
  });

  it("concerns only the guards of the namespace, and none when only evidence is missing", () => {
    const [pods, events] = [aSource("pods", "shop"), aSource("events")];
    const { clock, unread } = watched(pods, events);
    pods.state.behindSinceAt = events.state.behindSinceAt = clock.now();
    clock.advance(120_000);
    expect(unread.in("shop").map(({ resource }) => resource)).to.deep.equal(["pods"]);
    expect(unread.in("other")).to.deep.equal([]);
    expect(unread.names()).to.deep.equal(["pods of shop"]);
  });

  it("shows for how long each resource has been away, the longest of its namespaces", async () => {
    const [shop, other] = [aSource("pods", "shop"), aSource("pods", "other")];
    const { clock, metrics } = watched(shop, other);
    shop.state.behindSinceAt = clock.now();
    clock.advance(30_000);
    other.state.behindSinceAt = clock.now();
    clock.advance(10_000);
    const { body } = await metrics.render();
    expect(body).to.contain('rolloutguard_watch_lag_seconds{resource="pods"} 40');
    expect(body).to.contain('rolloutguard_watch_lag_seconds{resource="services"} 0');
  });

  it("does nothing any more when it was stopped", () => {
    const pods = aSource("pods");
    const { clock, unread, reported } = watched(pods);
    unread.stop();
    pods.state.behindSinceAt = clock.now();
    clock.advance(600_000);
    expect(reported()).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });
});
