// Everything that an API server does to its clients, in the middle of a rollout: the right thing still happens, once.

import type { HandlerEffect, SimulatedCluster } from "@rolloutguard/simulated-cluster";
import { createRandom } from "@rolloutguard/simulated-cluster/random";
import { expect } from "chai";
import { isOperators } from "../testing/ledger.ts";
import type { Operator } from "../testing/operator.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
const SLOW = { tag: "v2", env: { START_DELAY: "25s" } };

interface Disturbance {
  readonly title: string;
  /** Begins it; the returned function ends it. It lasts for as long as the rollout. */
  readonly begin: (cluster: SimulatedCluster) => () => void;
}

const DISTURBANCES: readonly Disturbance[] = [
  {
    title: "watches are cut every few seconds",
    begin: (cluster) => everyFewSeconds(cluster, () => cluster.cutWatches()),
  },
  {
    title: "watches are cut and their resourceVersions expire, so that each is answered with 410",
    begin: (cluster) =>
      everyFewSeconds(cluster, () => {
        cluster.expireResourceVersions();
        cluster.cutWatches();
      }),
  },
  {
    title: "half of all requests are throttled with 429 and Retry-After",
    begin: (cluster) => {
      const headers = { "retry-after": "1" };
      return halfOfThem(cluster, { answer: { code: 429, body: status(429, "TooManyRequests"), headers } });
    },
  },
  {
    title: "half of all requests are answered with 500",
    begin: (cluster) => halfOfThem(cluster, { answer: { code: 500, body: status(500, "InternalError") } }),
  },
  {
    title: "half of all connections break before the request is carried out",
    begin: (cluster) => halfOfThem(cluster, { cut: "before" }),
  },
  {
    title: "half of all answers are lost",
    begin: (cluster) => halfOfThem(cluster, { cut: "after" }),
  },
  {
    title: "the API server is away for three seconds out of nine",
    begin: (cluster) => {
      const cancels = new Set<() => void>();
      let isAway = false;
      const leave = () => {
        isAway = true;
        cluster.cutWatches();
        cancels.add(cluster.time.after(3_000, comeBack));
      };
      const comeBack = () => {
        isAway = false;
        cancels.add(cluster.time.after(6_000, leave));
      };
      comeBack();
      const stopFaults = cluster.onRequest((request) =>
        isAway && isOperators(request) ? { cut: "before" } : undefined,
      );
      return () => {
        for (const cancel of cancels) cancel();
        stopFaults();
      };
    },
  },
  {
    title: "the API server is restarted and away for 20 s",
    begin: (cluster) => {
      let isAway = false;
      const cancelStart = cluster.time.after(10_000, () => {
        isAway = true;
        cluster.expireResourceVersions();
        cluster.cutWatches();
      });
      const cancelEnd = cluster.time.after(30_000, () => {
        isAway = false;
      });
      const stopFaults = cluster.onRequest((request) =>
        isAway && isOperators(request) ? { cut: "before" } : undefined,
      );
      return () => {
        cancelStart();
        cancelEnd();
        stopFaults();
      };
    },
  },
];

describe("a disturbed API server", () => {
  const outcomes = new Map<string, Promise<void>>();
  const worlds: World[] = [];

  before(() => {
    for (const disturbance of DISTURBANCES) {
      const outcome = playDisturbed(disturbance, worlds);
      // Awaited by its test, which may come later than its failure.
      outcome.catch(() => {});
      outcomes.set(disturbance.title, outcome);
    }
  });

  after(() => Promise.all(worlds.map((world) => world.stop())));

  for (const { title } of DISTURBANCES) {
    it(`has the bad rollout undone once, and the slow one left alone, while ${title}`, () =>
      outcomes.get(title));
  }
});

async function playDisturbed({ begin }: Disturbance, worlds: World[]): Promise<void> {
  const world = await startWorld({ timeScale: 20 });
  worlds.push(world);
  const operator = await world.startOperator();
  const [bad, slow] = [world.story("bad"), world.story("slow")];
  await Promise.all([bad.given.aGoodDeployment(), slow.given.aGoodDeployment()]);
  const end = begin(world.cluster);
  try {
    bad.when.shipped(BAD);
    slow.when.shipped(SLOW);
    await Promise.all([bad.then.rolledBack(), slow.then.good("v2")]);
  } catch (error) {
    throw withWarnings(error, operator);
  } finally {
    end();
  }
  slow.then.leftAlone();
  await world.pass(30_000);
  expect(world.ledger.acceptedRollbacks()).to.have.lengthOf(1);
  expect(bad.incidents()).to.have.lengthOf(1);
}

function withWarnings(error: unknown, { lines }: Operator): unknown {
  if (error instanceof Error) {
    const reported = lines
      .filter(({ level }) => level !== "debug")
      .map(({ level, message }) => `  ${level}: ${message}`);
    error.message = [error.message, "the log:", ...reported].join("\n");
  }
  return error;
}

function everyFewSeconds({ time }: SimulatedCluster, act: () => void): () => void {
  let cancel = time.after(4_000, turn);
  function turn(): void {
    act();
    cancel = time.after(4_000, turn);
  }
  return () => cancel();
}

/** Half of the operators' requests fare like that, watches too. By chance, or the same request would always be met. */
function halfOfThem(cluster: SimulatedCluster, intervention: HandlerEffect): () => void {
  const random = createRandom(5);
  return cluster.onRequest((request) =>
    isOperators(request) && random.between(0, 1) < 0.5 ? intervention : undefined,
  );
}

function status(code: number, reason: string): object {
  return {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code,
    reason,
    message: `simulated: ${reason}`,
  };
}
