// Connections that break over TLS with HTTP/2, one after the other and under load: nothing hangs, nothing leaks.
import { KubeConfig } from "@kubernetes/client-node";
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import { createRandom } from "@rolloutguard/simulated-cluster/random";
import { expect } from "chai";
import { ClusterClock } from "../../src/kube/cluster-clock.ts";
import { type ApiClient, createApiClient } from "../../src/kube/connection/api-client.ts";
import { type Connection, createConnection } from "../../src/kube/connection/connection.ts";
import { startWorld, type World } from "../testing/world.ts";

const BREAKS = 60;
const MOST_SOCKETS = 8;
const WATCHES = 8;
const BAD = { tag: "v2", env: { HEALTH: "500" } };
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

type Break = (cluster: SimulatedCluster) => Promise<void> | void;

const KINDS: Readonly<Record<string, Break>> = {
  "the connection of the watches breaks": ({ faults }) => {
    faults.add({ does: { watch: "cut" }, forMs: 0 });
  },
  "every watch is reset": ({ faults }) => {
    faults.add({ does: { watch: "reset" }, forMs: 0 });
  },
  "the connection breaks behind a write": ({ faults }) => {
    faults.add({ on: { verb: "write" }, does: { cut: "after" }, times: 2, forMs: 1_000 });
  },
  "the connection breaks before a read": ({ faults }) => {
    faults.add({ on: { verb: "read" }, does: { cut: "before" }, times: 2, forMs: 1_000 });
  },
  "a request is never answered": ({ faults }) => {
    faults.add({ on: { verb: ["read", "write"] }, does: { hang: "before" }, times: 1, forMs: 1_000 });
  },
  "the API server says GOAWAY and is away for a moment": (cluster) =>
    cluster.restartApiServer({ isGraceful: true, downMs: 1_000 }),
  "the API server is killed and is away for a moment": (cluster) =>
    cluster.restartApiServer({ downMs: 1_000 }),
};

describe("connections that break over TLS with HTTP/2", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld({ tls: true });
  });

  afterEach(() => world.stop());

  async function breakAll(seed: number): Promise<void> {
    const random = createRandom(seed);
    const kinds = Object.values(KINDS);
    for (let n = 0; n < BREAKS; n++) {
      await kinds[Math.floor(random.between(0, kinds.length))]?.(world.cluster);
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 60)));
    }
    world.cluster.faults.clear();
  }

  it("every request and every watch comes to an end, with two sockets left and none after the end", async () => {
    const { client, connection } = connect(world.cluster);
    const load = putUnderLoad(client);
    await breakAll(1);
    await load.stop();
    expect(load.answered(), "requests that were answered").to.be.above(BREAKS);
    expect(load.broken(), "requests and watches that broke").to.be.above(BREAKS);
    await client.get(CONFIG_MAPS);
    expect(world.cluster.openSockets()).to.be.at.most(2);
    expect(world.cluster.peakSockets()).to.be.at.most(MOST_SOCKETS);
    await connection.close();
    await world.eventually(
      () => `${world.cluster.openSockets()} sockets are open`,
      () => world.cluster.openSockets() === 0,
    );
  });

  it("the operator watches again after them, and has undone each bad rollout once", async () => {
    await world.startOperator();
    const stories = Array.from({ length: 8 }, (_, n) => world.story(`shop-${n}`));
    await Promise.all(stories.map(({ given }) => given.aGoodDeployment()));
    for (const { when } of stories) when.shipped(BAD);
    await breakAll(2);
    await Promise.all(stories.map(({ then }) => then.rolledBack()));
    await world.eventually(
      () => `${world.cluster.openWatches()} watches are open`,
      () => world.cluster.openWatches() === WATCHES,
    );
    expect(world.cluster.peakSockets()).to.be.at.most(MOST_SOCKETS);
  });
});

function connect(cluster: SimulatedCluster): { readonly client: ApiClient; readonly connection: Connection } {
  const connection = createConnection(() => {
    const config = new KubeConfig();
    config.loadFromString(cluster.kubeconfig());
    return config;
  });
  const clock = new ClusterClock();
  return {
    connection,
    client: createApiClient({ connection, clock, userAgent: "load", requestTimeoutMs: 1_500 }),
  };
}

/** Eight watches, and as many requests at a time as the operator sends when very much goes wrong at once. */
function putUnderLoad(client: ApiClient) {
  const abort = new AbortController();
  const { signal } = abort;
  let answered = 0;
  let broken = 0;
  const again = async (send: () => Promise<unknown>): Promise<void> => {
    while (!signal.aborted) {
      try {
        await send();
        answered += 1;
      } catch {
        broken += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "load-" } };
  const watching = {
    signal,
    silenceMs: 60_000,
    longestMs: 60_000,
    onOpen: () => undefined,
    onLine: () => undefined,
  };
  const loops = [
    ...Array.from({ length: 30 }, () => again(() => client.create(CONFIG_MAPS, body))),
    ...Array.from({ length: 30 }, () => again(() => client.get("/api/v1/namespaces", {}, { attempts: 1 }))),
    ...Array.from({ length: WATCHES }, () => again(() => client.watch("/api/v1/namespaces", {}, watching))),
  ];
  return {
    answered: () => answered,
    broken: () => broken,
    /** Resolves when nothing of it runs any more: each request by itself, the watches by the signal. */
    async stop(): Promise<void> {
      abort.abort();
      await Promise.all(loops);
    },
  };
}
