// Several operators with leader election: one acts, and whatever happens to it another one continues, with one rollback.

import type { RequestRecord } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import { leaseRecordOf } from "../../src/kube/lease/lease-record.ts";
import { atWrites } from "../testing/interventions.ts";
import { isOperators } from "../testing/ledger.ts";
import type { Operator } from "../testing/operator.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

// Not faster: a Lease that must be renewed within 10 s of the cluster is renewed within 2 s of a busy machine.
const TIME_SCALE = 5;
const BAD = { tag: "v2", env: { HEALTH: "500" } };
/** A rollback is sent and verified within seconds: what these stories wait for is the Lease. */
const IMPATIENT = { checks: { readiness: { patience: "30s" } } };
const LEASES = "operators";

/** A cluster of its own with a good Deployment and two operators, of which the first leads. */
interface Scene {
  readonly world: World;
  readonly story: Story;
  readonly leader: Operator;
  readonly standby: Operator;
}

async function setScene(world: World): Promise<Scene> {
  world.cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: LEASES } });
  const story = world.story("shop");
  const leader = await world.startOperator({ leaderElection: true, identity: "first" });
  await leads(world, leader);
  const standby = await world.startOperator({ leaderElection: true, identity: "second" });
  await story.given.aGoodDeployment({ guard: IMPATIENT });
  return { world, story, leader, standby };
}

function reported({ lines }: Operator, beginning: string): boolean {
  return lines.some(({ message }) => message.startsWith(beginning));
}

function leads(world: World, operator: Operator): Promise<boolean> {
  return world.eventually(
    () => `one leads: ${operator.lines.map(({ message }) => message).join("; ")}`,
    () => reported(operator, "started leading"),
  );
}

function isWrite({ verb, resource }: RequestRecord): boolean {
  return !["get", "list", "watch"].includes(verb) && resource !== "leases";
}

function leaseIn({ cluster }: World) {
  const object = cluster.store.get("leases", LEASES, "rolloutguard");
  return object && leaseRecordOf({ ...object });
}

type Play = (scene: Scene) => Promise<void>;

/** The leader is killed at its patch. */
function leaderDies(cut: "before" | "after"): Play {
  return async ({ world, story, leader, standby }) => {
    const stop = atWrites(story, (write) => {
      if (write !== "patch deployments") return undefined;
      stop();
      leader.kill();
      return { cut };
    });
    story.when.shipped(BAD);
    await story.then.rolledBack();
    expect(story.incidents()).to.have.lengthOf(1);
    expect(reported(standby, "started leading"), "the other leads").to.equal(true);
    expect(leaseIn(world)).to.include({ transitions: 1 });
  };
}

const PLAYS: Readonly<Record<string, Play>> = {
  "let one act while the other stands by, ready, with filled caches": async (scene) => {
    const { world, story, leader, standby } = scene;
    const writesOf = (operator: Operator) =>
      world.cluster.requests.all().filter((request) => operator.sent(request) && isWrite(request));
    story.when.shipped(BAD);
    await story.then.rolledBack();
    expect(writesOf(leader).length).to.be.greaterThan(3);
    expect(writesOf(standby)).to.deep.equal([]);
    for (const [operator, status] of [
      [leader, 1],
      [standby, 0],
    ] as const) {
      expect((await fetch(`${operator.url()}/readyz`)).status).to.equal(200);
      const metrics = await (await fetch(`${operator.url()}/metrics`)).text();
      expect(metrics).to.contain(`leader_election_master_status{name="rolloutguard"} ${status}`);
      expect(metrics).to.contain('rolloutguard_cache_objects{resource="rolloutguards"} 1');
    }
    const holder = leaseIn(world)?.holder;
    expect(holder).to.match(/^first_[0-9a-f]{8}$/);
    expect(standby.lines.map(({ message }) => message)).to.include(
      `standing by: ${holder} holds Lease ${LEASES}/rolloutguard`,
    );
  },

  "complete the work of a leader that is killed between the Incident and the patch": leaderDies("before"),
  "complete the work of a leader that is killed right after the patch": leaderDies("after"),

  "hand over when the leader is stopped, long before the Lease expires": async (scene) => {
    const { world, story, leader, standby } = scene;
    let releasedAt = 0;
    let takenAt = 0;
    world.cluster.store.subscribe("leases", ({ object }) => {
      const { holder } = leaseRecordOf({ ...object });
      if (holder === "") releasedAt = world.cluster.now();
      else if (releasedAt > 0 && takenAt === 0) takenAt = world.cluster.now();
    });
    const incident = world.eventually(
      () => "the leader opens an Incident",
      () => story.incidents().length > 0,
    );
    story.when.shipped(BAD);
    await incident;
    await leader.stop();
    await leads(world, standby);
    expect(
      reported(leader, "released Lease"),
      leader.lines.map(({ message }) => message).join("; "),
    ).to.equal(true);
    expect(takenAt - releasedAt, "ms of the cluster").to.be.within(0, 10_000);
    await story.then.rolledBack();
    expect(story.incidents()).to.have.lengthOf(1);
  },

  "continue when only the leader cannot reach the API server, and it stops before the other starts": async (
    scene,
  ) => {
    const { world, story, leader } = scene;
    let isCutOff = true;
    let hadEnded: boolean | undefined;
    world.cluster.onRequest((request) =>
      isCutOff && isOperators(request) && leader.sent(request) ? { hang: "before" } : undefined,
    );
    world.cluster.store.subscribe("leases", ({ object }) => {
      if (!leaseRecordOf({ ...object }).holder.startsWith("second")) return;
      hadEnded ??= reported(leader, "stopped leading: lost");
    });
    story.when.shipped(BAD);
    await story.then.rolledBack();
    expect(hadEnded).to.equal(true);
    isCutOff = false;
    const before = world.cluster.requests.all().length;
    await world.eventually(
      () => "it knows who leads now",
      () => leader.lines.some(({ message }) => /standing by: second_\w+ holds/.test(message)),
    );
    await world.pass(30_000);
    const late = world.cluster.requests.all().slice(before);
    expect(late.filter((request) => leader.sent(request) && isWrite(request))).to.deep.equal([]);
    expect(story.world.ledger.acceptedRollbacks()).to.have.lengthOf(1);
  },
};

describe("operators with leader election", () => {
  const worlds: World[] = [];
  const outcomes = new Map<string, Promise<void>>();

  before(() => {
    for (const [title, play] of Object.entries(PLAYS)) {
      const outcome = startWorld({ timeScale: TIME_SCALE }).then(async (world) => {
        worlds.push(world);
        await play(await setScene(world));
      });
      // Awaited by its test, which can come later than its failure.
      outcome.catch(() => {});
      outcomes.set(title, outcome);
    }
  });

  after(() => Promise.all(worlds.map((world) => world.stop())));

  for (const title of Object.keys(PLAYS)) it(title, () => outcomes.get(title));
});
