// Several operators with leader election: one acts, and whatever becomes of it another goes on, with one rollback.

import type { RequestRecord } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import { leaseRecordOf } from "../../src/kube/lease/lease-record.ts";
import { atWrites } from "../testing/interventions.ts";
import { isOperators } from "../testing/ledger.ts";
import type { Operator } from "../testing/operator.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

// Not faster: a Lease that must be renewed within 10 s of the cluster is renewed within 1 s of a busy machine.
const TIME_SCALE = 10;
const BAD = { tag: "v2", env: { HEALTH: "500" } };
const LEASES = "operators";

describe("operators with leader election", () => {
  let world: World;
  let story: Story;
  let leader: Operator;
  let standby: Operator;

  beforeEach(async () => {
    world = await startWorld({ timeScale: TIME_SCALE });
    world.cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: LEASES } });
    story = world.story("shop");
    leader = await start("first");
    await leads(leader);
    standby = await start("second");
    await story.given.aGoodDeployment();
  });

  afterEach(() => world.stop());

  const start = (identity: string) => world.startOperator({ leaderElection: true, identity });

  const reported = (operator: Operator, beginning: string) =>
    operator.lines.some(({ message }) => message.startsWith(beginning));

  const leads = (operator: Operator) =>
    world.eventually(
      () => `one leads: ${operator.lines.map(({ message }) => message).join("; ")}`,
      () => reported(operator, "started leading"),
    );

  const isWrite = ({ verb, resource }: RequestRecord) =>
    !["get", "list", "watch"].includes(verb) && resource !== "leases";

  const writesOf = (operator: Operator) =>
    world.cluster.requests.all().filter((request) => operator.sent(request) && isWrite(request));

  const lease = () => {
    const object = world.cluster.store.get("leases", LEASES, "rolloutguard");
    return object && leaseRecordOf({ ...object });
  };

  /** Throws the leader away at its first write of that kind. */
  function killAt(wanted: string, cut: "before" | "after"): void {
    const stop = atWrites(story, (write) => {
      if (write !== wanted) return undefined;
      stop();
      leader.kill();
      return { cut };
    });
  }

  it("let one act while the other stands by, ready, with filled caches", async () => {
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
    expect(lease()?.holder).to.match(/^first_[0-9a-f]{8}$/);
    expect(standby.lines.map(({ message }) => message)).to.include(
      `standing by: ${lease()?.holder} holds Lease ${LEASES}/rolloutguard`,
    );
  });

  for (const [when, cut] of [
    ["between the Incident and the patch", "before"],
    ["right after the patch", "after"],
  ] as const) {
    it(`end the work of a leader that is killed ${when}`, async () => {
      killAt("patch deployments", cut);
      story.when.shipped(BAD);
      await story.then.rolledBack();
      expect(story.incidents()).to.have.lengthOf(1);
      expect(reported(standby, "started leading"), "the other leads").to.equal(true);
      expect(lease()).to.include({ transitions: 1 });
    });
  }

  it("hand over at a clean stop, long before the Lease would have run out", async () => {
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
    await leads(standby);
    expect(
      reported(leader, "released Lease"),
      leader.lines.map(({ message }) => message).join("; "),
    ).to.equal(true);
    expect(takenAt - releasedAt, "ms of the cluster").to.be.within(0, 10_000);
    await story.then.rolledBack();
    expect(story.incidents()).to.have.lengthOf(1);
  });

  it("go on where only the leader cannot reach the API server, which has ended before the other begins", async () => {
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
  });
});
