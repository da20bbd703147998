import { expect } from "chai";
import {
  backOnNodeAfter,
  beingDeleted,
  containerIs,
  createdAt,
  disrupted,
  evicted,
  lostReadiness,
  notReadyYet,
  onLostNode,
  readyAfter,
  runningSince,
  waitsFor,
  waitsForGate,
} from "../testing/a-pod.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import {
  appWith,
  extraContainer,
  readinessGates,
  readinessProbe,
  startupProbe,
} from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  changing,
  completedAfter,
  losingService,
  warned,
  withOldPods,
  withPods,
  withReferences,
  withService,
  withSpec,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRollout, at, type Fact, given, ledger } from "../testing/scene.ts";
import { readiness } from "./readiness.ts";

/** The containers run from two seconds on, and nothing becomes ready. */
const stuck = withPods(3, notReadyYet);
const START_MS = seconds(2);
const wrongPort = changing(readinessProbe({ target: "GET http :80/healthz" }));
const refused = warned("Unhealthy", 'Readiness probe failed: Get "http://10.0.0.7:80/": connection refused');
const unavailable = warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
const brokenAnswer = warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500");

/** A rollout that is losing service. */
const hurting = (...facts: readonly Fact[]) => aRollout(losingService, ...facts);

/** It has so long while service is being lost. */
function expectPatience(patienceMs: number, ...facts: readonly Fact[]): void {
  const scene = hurting(...facts);
  const dueMs = START_MS + patienceMs;
  expectPending(readiness, given(scene, at(dueMs - 1)), dueMs);
  expectFailing(readiness, "NotReady", given(scene, at(dueMs)));
}

describe("readiness", () => {
  it("finds nothing wrong with pods that are ready", () => {
    expectHealthy(readiness, hurting());
  });

  it("leaves pods whose containers do not run to other checks", () => {
    expectHealthy(readiness, hurting(withPods(3, waitsFor("ContainerCreating")), at(minutes(30))));
  });

  describe("with patience Auto", () => {
    it("gives a slow start 45 s when nothing tells it from a fault", () => {
      expectPatience(seconds(45), stuck);
    });

    it("adds how late the node of the pods reports, and says so", () => {
      const late = withSurroundings({ reportLagMs: seconds(30) });
      expectPatience(seconds(75), late, stuck);
      expectPatience(seconds(55), late, wrongPort, stuck);
      const { message } = expectFailing(readiness, "NotReady", hurting(late, stuck, at(minutes(5))));
      expect(message).to.contain("within 1m15s").and.contain("including 30s because its node reports late");
    });

    it("gives an error answer no more than that", () => {
      expectPatience(seconds(45), stuck, brokenAnswer);
    });

    it("gives 25 s when this rollout changed what the probe asks", () => {
      expectPatience(seconds(25), wrongPort, stuck);
    });

    it("gives 25 s when this rollout changed the startup probe", () => {
      const asksElsewhere = changing(startupProbe({ target: "GET http :80/started", failureThreshold: 1 }));
      expectPatience(
        seconds(25),
        withReferences(startupProbe({ failureThreshold: 1 })),
        asksElsewhere,
        stuck,
      );
    });

    it("does not take a first probe for a changed one", () => {
      const { readiness: probe } = GOOD.template.containers[0] ?? {};
      const none = withReferences(appWith({ readiness: undefined }));
      expectPatience(seconds(45), none, changing(appWith({ readiness: probe })), stuck);
    });

    it("adds the period in which a rarer probe notices that the application is there", () => {
      const everyTen = withReferences(readinessProbe({ periodMs: seconds(10) }));
      expectPatience(seconds(50), everyTen, stuck);
      const elsewhere = readinessProbe({
        periodMs: seconds(10),
        target: "GET http :80/healthz",
        failureThreshold: 1,
      });
      expectPatience(seconds(30), everyTen, changing(elsewhere), stuck);
    });

    it("gives 90 s while connections are refused, as in a slow start", () => {
      expectPatience(seconds(90), stuck, refused);
    });

    it("gives 90 s while the application answers 503, not yet", () => {
      expectPatience(seconds(90), stuck, unavailable);
    });

    it("gives what the pod's own probes allow when that is longer", () => {
      // 30 attempts every 10 s and a second for the answer, then the readiness probe's 3 × 5 s + 1 s.
      const slow = startupProbe({ periodMs: seconds(10), failureThreshold: 30 });
      expectPatience(seconds(301 + 16), withReferences(slow), stuck);
    });

    it("counts the initial delay and the successes that a probe asks for", () => {
      const slow = readinessProbe({ initialDelayMs: minutes(2), failureThreshold: 3, successThreshold: 4 });
      expectPatience(seconds(120 + 5 * 6 + 1), withReferences(slow), stuck);
    });

    it("gives a changed probe what it allows by itself", () => {
      const slow = changing(readinessProbe({ target: "GET http :80/healthz", initialDelayMs: minutes(2) }));
      expectPatience(seconds(120 + 5 * 3 + 1), slow, stuck);
    });

    it("gives twice what the pods of the good revision took", () => {
      expectPatience(seconds(140), withOldPods(3, readyAfter(seconds(70))), stuck);
    });

    it("gives twice what it remembers of the good revision when none of its pods is left", () => {
      const slow = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady: 80 }));
      expectPatience(seconds(160), slow, withOldPods(0), stuck);
    });

    it("gives twice what the ready pods of this revision took", () => {
      expectPatience(seconds(100), withPods(1, readyAfter(seconds(50))), andPods(2, notReadyYet));
    });

    it("learns nothing from pods that regained readiness late in their life", () => {
      expectPatience(seconds(45), withOldPods(3, readyAfter(minutes(30))), stuck);
    });

    it("learns a start from the containers, not from the return of a lost node, also when nothing is remembered", () => {
      const forgotten = ledger();
      expectPatience(seconds(45), forgotten, withOldPods(3, backOnNodeAfter(minutes(8))), stuck);
    });

    it("learns nothing from pods of the good revision that were ready before a node was lost and came back", () => {
      const settled = ledger(remembered(GOOD, "Good", earlier(minutes(55)), { secondsToReady: 5 }));
      expectPatience(seconds(45), settled, withOldPods(3, readyAfter(minutes(8))), stuck);
      const stillStarting = ledger(remembered(GOOD, "Completed", earlier(minutes(50))));
      expectPatience(seconds(960), stillStarting, withOldPods(3, readyAfter(minutes(8))), stuck);
    });

    it("learns nothing from pods that were restarted", () => {
      const restarted = withOldPods(3, readyAfter(seconds(70)), containerIs("app", { restarts: 1 }));
      expectPatience(seconds(45), restarted, stuck);
    });

    it("gives readiness gates three minutes, since they are set from outside", () => {
      expectPatience(seconds(180), changing(readinessGates), withPods(3, waitsForGate));
    });

    it("goes by the pods' own gates: controllers put them into pods, not into templates", () => {
      expectPatience(seconds(180), withPods(3, waitsForGate));
    });

    it("takes a changed probe for no proof where the container's declared port moved with it", () => {
      const moved = [
        changing(
          readinessProbe({ target: "GET http :9090/healthz", port: 9090 }),
          appWith({ ports: [{ name: "http", port: 9090 }] }),
        ),
        stuck,
      ];
      const byName = withService({ readyEndpoints: 1, ports: [{ port: 80, targetPort: "http" }] });
      expectPatience(seconds(25), ...moved);
      expectPatience(seconds(45), byName, ...moved);
    });

    describe("while no service is lost", () => {
      const expectPatient = (untilMs: number, ...facts: readonly Fact[]) => {
        expectPending(readiness, aRollout(...facts, at(untilMs - 1)), untilMs);
        expectFailing(readiness, "NotReady", aRollout(...facts, at(untilMs)));
      };

      it("gives two and a half minutes where it would give less, whatever the evidence", () => {
        for (const facts of [[stuck], [wrongPort, stuck], [stuck, refused], [stuck, brokenAnswer]]) {
          expectPatient(seconds(152), ...facts);
        }
      });

      it("gives what a slow start needs when that is longer", () => {
        const slow = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { secondsToReady: 120 }));
        expectPatient(seconds(242), slow, stuck);
      });

      it("gives readiness gates until the Deployment's own deadline", () => {
        expectPatient(minutes(10), changing(readinessGates), withPods(3, waitsForGate));
        const short = withWorkload({ progressDeadlineSeconds: 300 });
        expectPatient(minutes(5), short, withPods(3, waitsForGate));
      });

      it("says so, and that it has not failed yet", () => {
        const finding = expectPending(readiness, aRollout(stuck), seconds(152));
        expect(finding.verdict === "pending" && finding.message).to.equal(
          "3 of 3 pods are not ready yet (58s of 2m30s; no Service has lost endpoints)",
        );
      });
    });

    it("says what its patience rests on", () => {
      const finding = expectFailing(readiness, "NotReady", hurting(wrongPort, stuck, refused));
      expect(finding.message).to.contain("within 25s (this rollout changed its probe): Readiness");
      expect(finding.evidence[0]).to.equal(
        "this rollout changed the probe of container app: GET http :8080/healthz → GET http :80/healthz",
      );
    });
  });

  it("takes the guard's patience as it is, whatever the evidence", () => {
    const fixed = withSpec({ checks: { readiness: { patience: "10s" } } });
    expectPatience(seconds(10), fixed, stuck, refused, withOldPods(3, readyAfter(minutes(2))));
  });

  it("judges a first deployment too", () => {
    expectFailing(readiness, "NotReady", aFirstRollout(stuck));
  });

  it("gives a first deployment of which some pods are ready until its deadline: it can be meant so", () => {
    const leader = [withPods(1), andPods(2, notReadyYet)];
    expectPending(readiness, aFirstRollout(...leader, at(minutes(9))), minutes(10));
    expectFailing(readiness, "NotReady", aFirstRollout(...leader, at(minutes(10))));
    const fixed = withSpec({ checks: { readiness: { patience: "30s" } } });
    expectFailing(readiness, "NotReady", aFirstRollout(fixed, ...leader, at(minutes(9))));
  });

  describe("active and passive pods", () => {
    const oneOfThree = ledger(remembered(GOOD, "Good", earlier(minutes(50)), { readyPercent: 35 }));

    it("finds nothing wrong while as many are ready as were of the good revision", () => {
      expectHealthy(
        readiness,
        hurting(oneOfThree, withPods(1), andPods(2, notReadyYet), withOldPods(0), at(minutes(9))),
      );
    });

    it("finds nothing wrong with new ones that are all passive while the old active one serves", () => {
      for (const count of [1, 2]) {
        const passive = [oneOfThree, withPods(count, notReadyYet), withOldPods(1)];
        expectHealthy(readiness, aRollout(...passive, at(minutes(9))));
      }
    });

    it("counts new ones of which none is ready when no old pod is left", () => {
      const scene = hurting(oneOfThree, stuck, withOldPods(0), at(minutes(9)));
      expectFailing(readiness, "NotReady", scene);
    });
  });

  it("waits for the last container to run", () => {
    const late = withPods(3, notReadyYet, runningSince(later(seconds(30))));
    expectPending(readiness, hurting(late), seconds(75));
  });

  it("counts from the loss when a pod was ready before, while the rollout goes on", () => {
    const lost = withPods(3, lostReadiness(later(seconds(50))));
    expectPending(readiness, hurting(lost), seconds(95));
  });

  it("names a sidecar that keeps the pod from being ready", () => {
    const unready = [
      notReadyYet,
      containerIs("app", { isReady: true }),
      containerIs("proxy", { isReady: false }),
    ];
    const sidecar = changing(extraContainer("proxy", "sidecar"));
    const finding = expectFailing(readiness, "NotReady", hurting(sidecar, withPods(3, ...unready)));
    expect(finding.evidence.join("\n")).to.contain("containers with unready status: proxy");
  });

  describe("what is not the release's doing", () => {
    it("does not count a node that was lost: the containers are ready, the pod is not", () => {
      expectHealthy(readiness, hurting(withPods(3, onLostNode(later(seconds(9)))), at(minutes(9))));
    });

    it("does not count pods that are deleted, evicted or disrupted", () => {
      for (const trait of [beingDeleted, evicted, disrupted]) {
        expectHealthy(readiness, hurting(withPods(3, notReadyYet, trait), at(minutes(9))));
      }
    });

    it("finds nothing wrong while fewer than half of the pods are not ready", () => {
      expectHealthy(readiness, hurting(withPods(2), andPods(1, notReadyYet), at(minutes(9))));
    });

    it("does not count pods that were made after completion, by scaling or to replace others", () => {
      const scaled = andPods(9, createdAt(later(seconds(20))), notReadyYet);
      expectHealthy(readiness, hurting(completedAfter(seconds(10)), withPods(3), scaled, at(minutes(9))));
    });
  });

  it("leaves pods that lose readiness after completion to degraded", () => {
    const lost = withPods(3, lostReadiness(later(seconds(30))));
    expectHealthy(readiness, hurting(completedAfter(seconds(10)), lost, at(minutes(9))));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { readiness: { enabled: false } } });
    expectHealthy(readiness, hurting(off, stuck, at(minutes(9))));
  });

  it("waits while nodes are lost: what their kubelets know of new pods cannot be heard", () => {
    const lost = withOldPods(3, onLostNode(later(seconds(4))));
    expectPending(readiness, hurting(stuck, lost, at(minutes(3))), "again");
  });

  it("gives the new pods their time again when they are back, and takes no lost time for a slow start", () => {
    const startedLate = runningSince(earlier(seconds(30)));
    const back = withOldPods(3, startedLate, (pod) => ({ ...pod, readyChangedAt: later(seconds(40)) }));
    expectPending(readiness, hurting(stuck, back, at(seconds(84))), seconds(85));
    expectFailing(readiness, "NotReady", hurting(stuck, back, at(seconds(85))));
  });
});
