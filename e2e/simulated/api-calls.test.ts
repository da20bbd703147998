// The table of the operator's calls, from which its roles are generated, held against what operators really ask for.

import { parseTarget } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import {
  type ApiCall,
  CALLS_BY_CHOICE,
  CALLS_FOR_SECURE_METRICS,
  CALLS_IN_GUARDED_NAMESPACES,
  CALLS_IN_OWN_NAMESPACE,
} from "../../src/kube/api-calls.ts";
import { isOperators } from "../testing/ledger.ts";
import { readSecurely } from "../testing/secure-metrics.ts";
import { SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
const OWN_NAMESPACE = "operators";
const SLICES = "/apis/discovery.k8s.io/v1";

describe("the table of the operator's calls", () => {
  const worlds: World[] = [];
  /** Outside the operator's own namespace, and in it. */
  let calledElsewhere: ReadonlySet<string>;
  let calledAtHome: ReadonlySet<string>;

  before(async () => {
    const usual = await newWorld();
    const old = await newWorld();
    await Promise.all([playEverything(usual), playWithoutEndpointSlices(old)]);
    const requests = [usual, old].flatMap(({ cluster }) => cluster.requests.all()).filter(isOperators);
    calledElsewhere = namesOf(requests.filter(({ namespace }) => namespace !== OWN_NAMESPACE));
    calledAtHome = namesOf(requests.filter(({ namespace }) => namespace === OWN_NAMESPACE));
  });

  after(() => Promise.all(worlds.map((world) => world.stop())));

  it("has all that they call outside their own namespace, and nothing that they never call", () => {
    expect([...calledElsewhere].sort()).to.deep.equal(
      tableOf([...CALLS_IN_GUARDED_NAMESPACES, ...CALLS_BY_CHOICE, ...CALLS_FOR_SECURE_METRICS]),
    );
  });

  it("has all that they call in their own namespace, and nothing that they never call", () => {
    expect([...calledAtHome].sort()).to.deep.equal(tableOf(CALLS_IN_OWN_NAMESPACE));
  });

  /** With TLS, where every resource has a watch of its own. */
  async function newWorld(): Promise<World> {
    const world = await startWorld({ tls: true });
    worlds.push(world);
    return world;
  }
});

/** Everything that operators do on a current cluster, the rare things too. */
async function playEverything(world: World): Promise<void> {
  world.cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: OWN_NAMESPACE } });
  const operator = await world.startOperator({
    metricsSecureAddress: { host: "127.0.0.1", port: 0 },
    leaderElection: true,
    leaseNamespace: OWN_NAMESPACE,
    // The clock is fast, and a busy machine must not cost the lease: that is not what is played here.
    leaseDurationMs: 20 * 60_000,
    leaseRenewDeadlineMs: 15 * 60_000,
  });
  await readSecurely(`${operator.secureUrl()}/metrics`, "prometheus");
  await rollBackWithLostAnswer(world);
  await Promise.all([recordMoreThanIsKept(world), sayTheSameAgain(world), waitForNode(world)]);
}

/** A rollback; the Incident is opened and the answer lost, so that the next try finds it there. */
async function rollBackWithLostAnswer(world: World): Promise<void> {
  const { cluster } = world;
  const story = world.story("lost-answer");
  await story.given.aGoodDeployment({ guard: { evidence: { logs: true } } });
  cluster.faults.add({
    on: { verb: "create", resource: "incidents", namespace: "lost-answer" },
    does: { cut: "after" },
    times: 1,
  });
  // Or the watch would tell of it before the next try, which a busy machine makes late.
  const late = cluster.faults.add({ on: { resource: "incidents" }, does: { watchDelayMs: 5 * 60_000 } });
  story.when.shipped(BAD);
  await story.then.rolledBack();
  late.end();
}

/** Two Incidents where one is kept. */
async function recordMoreThanIsKept(world: World): Promise<void> {
  const story = world.story("history");
  await story.given.aGoodDeployment({ guard: { mode: "Observe", incidentHistoryLimit: 1 } });
  const deleted = () =>
    world.ledger
      .incidents("history")
      .some((name) => world.ledger.phases("history", name).includes("deleted"));
  for (const number of [1, 2]) {
    story.when.shipped({ tag: `bad-${number}`, env: { HEALTH: "500" } });
    await story.then.incident("Held", number);
    story.when.shipped({ tag: `good-${number}` });
    await story.then.good(`good-${number}`);
  }
  await world.eventually(() => "an Incident beyond the limit is deleted", deleted);
}

/** A guard that has lost its Deployment twice: the second Event, which says the same, counts the first one up. */
async function sayTheSameAgain(world: World): Promise<void> {
  const story = world.story("same-again");
  const waits = (isWaiting: boolean) =>
    world.eventually(
      () => `the guard ${isWaiting ? "waits" : "does not wait"} for its Deployment`,
      () => {
        const { phase } = story.guardStatus();
        return phase !== undefined && (phase === "Waiting") === isWaiting;
      },
    );
  story.given.aGuard();
  await waits(true);
  story.given.aDeployment();
  await waits(false);
  await world.pass(11 * 60_000);
  world.cluster.store.delete("deployments", "same-again", SHOP);
  await waits(true);
  await world.eventually(
    () => "an Event is counted up",
    () =>
      world.cluster.requests.all().some(({ verb, resource }) => verb === "patch" && resource === "events"),
  );
}

/** A pod that no node takes: its Normal Events, which no watch brings, say whether one is being added. */
async function waitForNode({ cluster, ...world }: World): Promise<void> {
  const namespace = "no-node";
  const story = world.story(namespace);
  await story.given.aGoodDeployment();
  story.when.shipped({ tag: "v2", container: { resources: { requests: { cpu: "1000" } } } });
  await world.eventually(
    () => "Events of the namespace are asked for",
    () =>
      cluster.requests
        .all()
        .some(
          (request) =>
            isOperators(request) &&
            request.verb === "list" &&
            request.resource === "events" &&
            request.namespace === namespace,
        ),
  );
}

/** An API server of old, which has nothing but Endpoints; and a release that changes labels, of which policies may tell. */
async function playWithoutEndpointSlices({ cluster, ...world }: World): Promise<void> {
  cluster.onRequest(({ path }) => (path === SLICES ? { answer: { code: 404 } } : undefined));
  await world.startOperator();
  const story = world.story("endpoints");
  await story.given.aGoodDeployment();
  story.when.shipped({ tag: "v2", labels: { app: SHOP } });
  await story.then.incident("Recovered");
}

/** The requests as a role would name them. What is no resource, such as discovery, every authenticated client may read. */
function namesOf(requests: readonly { readonly path: string; readonly verb: string }[]): ReadonlySet<string> {
  return new Set(
    requests.flatMap(({ path, verb }) => {
      const target = parseTarget(path);
      return target ? [nameOf(verb, target.group, target.resource, target.subresource)] : [];
    }),
  );
}

function tableOf(calls: readonly ApiCall[]): readonly string[] {
  return calls
    .flatMap(({ group, resource, subresource, verbs }) =>
      verbs.map((verb) => nameOf(verb, group, resource, subresource)),
    )
    .sort();
}

function nameOf(verb: string, group: string, resource: string, subresource = ""): string {
  return `${verb} ${[group, resource, subresource].filter(Boolean).join("/")}`;
}
