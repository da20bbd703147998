// Every reason that a user may see comes from a scene here: the tables are complete by their types.
import { expect } from "chai";
import { BRAKE_REASONS, type BrakeReason, FINDING_REASONS, type FindingReason } from "../api/reasons.ts";
import {
  cannotBeCreated,
  containerIs,
  crashed,
  imageMissing,
  lostReadiness,
  notReadyYet,
  rejected,
  unschedulable,
  waitsFor,
} from "./testing/a-pod.ts";
import { aRefusal } from "./testing/a-refusal.ts";
import { GOOD, NEW, remembered } from "./testing/a-revision.ts";
import { extraContainer, labels, scheduling } from "./testing/a-template.ts";
import { anIncident } from "./testing/an-incident.ts";
import { effectsOf, expectHeld, expectRollback } from "./testing/expect-decision.ts";
import {
  andPods,
  changing,
  completedAfter,
  crashing,
  deadlineExceededAt,
  losingService,
  refusedSince,
  withCurrent,
  withIncidents,
  withOldPods,
  withPods,
  withSpec,
  withSurroundings,
  withWorkload,
} from "./testing/facts.ts";
import { earlier, later, minutes, seconds } from "./testing/instants.ts";
import {
  answeredWith,
  answersOf,
  counts,
  measured,
  side,
  withHttpCheck,
  withMetricCheck,
} from "./testing/samples.ts";
import { aFirstRollout, aRollout, at, type Fact, ledger, type Scene } from "./testing/scene.ts";

/** Service is being lost in each: decisions without anybody being hurt wait longer, and are the same. */
const FAILING: Record<FindingReason, Scene> = {
  CrashLooping: aRollout(crashing),
  OutOfMemory: aRollout(
    losingService,
    withPods(3, crashed({ restarts: 2, reason: "OOMKilled", exitCode: 137 })),
  ),
  InitContainerFailing: aRollout(
    losingService,
    changing(extraContainer("migrate", "init")),
    withPods(3, crashed({ container: "migrate", restarts: 2 })),
  ),
  ImagePullFailing: aRollout(losingService, withPods(3, imageMissing(later(seconds(2))))),
  ContainerConfigError: aRollout(
    losingService,
    withPods(3, cannotBeCreated('secret "x" not found', later(seconds(2)))),
  ),
  CreateFailed: aRollout(refusedSince(later(seconds(1)), "violates PodSecurity"), withPods(0)),
  PodRejected: aRollout(withPods(3, rejected("SysctlForbidden"))),
  Unschedulable: aRollout(
    losingService,
    changing(scheduling("asks for a lot")),
    withPods(3, unschedulable(later(0))),
    at(minutes(4)),
  ),
  NotReady: aRollout(losingService, withPods(3, notReadyYet)),
  EmptyEndpoints: aRollout(changing(labels({ app: "checkout" }))),
  ProgressDeadlineExceeded: aRollout(
    withSpec({ checks: { readiness: { enabled: false } } }),
    withPods(3, notReadyYet),
    deadlineExceededAt(later(minutes(10))),
    at(minutes(10)),
  ),
  KnownBad: aRollout(
    withPods(3, waitsFor("ContainerCreating")),
    withIncidents(
      anIncident({
        phase: "Recovered",
        name: "the-first",
        detectedAt: earlier(minutes(20)),
        sentAt: earlier(minutes(20)),
      }),
    ),
  ),
  Degraded: aRollout(completedAfter(seconds(10)), withPods(3, lostReadiness(later(seconds(30))))),
  MetricsWorse: aRollout(
    withMetricCheck(),
    withOldPods(3),
    measured(counts(side(60, 300), side(3, 900)), counts(side(40, 200), side(2, 600))),
  ),
  HttpFailing: aRollout(
    withHttpCheck(),
    withOldPods(3),
    answeredWith(
      ...Array.from({ length: 3 }, () => [
        ...answersOf("new", 3, { class: "status", status: 500 }),
        ...answersOf("old", 3),
      ]),
    ),
  ),
  AnswersSlow: aRollout(
    withHttpCheck(),
    withOldPods(3),
    answeredWith(
      ...Array.from({ length: 3 }, () => [
        ...answersOf("new", 3, { durationMs: 4_000 }),
        ...answersOf("old", 3),
      ]),
    ),
  ),
};

/** One of the new pods runs its init container, while the others crash. */
const migrating: readonly Fact[] = [
  changing(extraContainer("migrate", "init")),
  crashing,
  andPods(
    1,
    waitsFor("PodInitializing"),
    containerIs("migrate", { isReady: false, state: { is: "running", startedAt: later(seconds(2)) } }),
  ),
];

const anotherRevision = (hash: string) => ({
  ...NEW,
  hash,
  source: { ...NEW.source, name: `checkout-${hash}` },
});

const HELD: Record<BrakeReason, Scene> = {
  ObserveMode: aRollout(crashing, withSpec({ mode: "Observe" })),
  ManagedByOwner: aRollout(crashing, withWorkload({ owner: { kind: "Canary", name: "checkout" } })),
  DeploymentPaused: aRollout(crashing, withWorkload({ isPaused: true })),
  NoGoodRevision: aFirstRollout(crashing),
  TargetQuarantined: aRollout(crashing, ledger(remembered(GOOD, "Bad"))),
  SafetyStop: aRollout(crashing, withSurroundings({ stoppedUntilAt: later(minutes(50)) })),
  RollbackLimitReached: aRollout(
    crashing,
    withSpec({ limits: { maxRollbacks: 1 } }),
    withIncidents(anIncident({ of: anotherRevision("1"), phase: "Recovered", sentAt: earlier(minutes(30)) })),
  ),
  Cooldown: aRollout(
    crashing,
    withIncidents(anIncident({ of: anotherRevision("1"), phase: "Recovered", sentAt: earlier(minutes(2)) })),
  ),
  ReappliedAgain: aRollout(
    crashing,
    withIncidents(
      ...["a", "b"].map((name) => anIncident({ name, phase: "Superseded", sentAt: earlier(minutes(90)) })),
    ),
  ),
  Refused: aRollout(crashing, withSurroundings({ refusal: aRefusal() })),
  NewerRollout: aRollout(crashing, withWorkload({ generation: 5 })),
  InitContainerRunning: aRollout(...migrating),
  WouldNotHelp: aRollout(crashing, withCurrent({ contentKey: GOOD.contentKey })),
  Veto: aRollout(crashing, withWorkload({ veto: "the database was migrated" })),
  SignsGone: aRollout(withIncidents(anIncident({ phase: "Held" }))),
};

describe("the reasons of findings", () => {
  for (const [reason, scene] of Object.entries(FAILING) as [FindingReason, Scene][]) {
    it(`goes back because of ${reason}`, () => {
      expectRollback(scene, GOOD, reason);
    });
  }

  it("has a scene for each", () => {
    expect(Object.keys(FAILING).sort()).to.deep.equal(Object.keys(FINDING_REASONS).sort());
  });
});

describe("the reasons of brakes", () => {
  for (const [reason, scene] of Object.entries(HELD) as [BrakeReason, Scene][]) {
    it(`does not roll back because of ${reason}, and says so in the Incident`, () => {
      const decision = expectHeld(scene, reason, reason === "SignsGone" ? "Baking" : "Failing");
      const [update] = effectsOf(decision, "updateIncident");
      expect(update?.status.phase).to.equal("Held");
      expect(update?.status.brake).to.deep.equal({ reason, message: decision.brake?.message });
    });
  }

  it("has a scene for each", () => {
    expect(Object.keys(HELD).sort()).to.deep.equal(Object.keys(BRAKE_REASONS).sort());
  });
});
