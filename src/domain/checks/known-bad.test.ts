import { expect } from "chai";
import type { CauseClass } from "../../api/causes.ts";
import type { Finding } from "../decision.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { crashed, notReadyYet, waitsFor } from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { appWith, extraVariable, type TemplateChange } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { expectHeld, expectRollback } from "../testing/expect-decision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, withIncidents, withOthers, withPods, withSpec, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact, given, ledger, type Scene } from "../testing/scene.ts";
import { checkRelease } from "./ordered-checks.ts";

const WITH_REGION = { ...GOOD, template: aRevision("x", 1, {}, extraVariable("REGION")).template };

/** Revision 2 failed twenty minutes ago and was rolled back. */
const failedBefore = (facts: Parameters<typeof anIncident>[0] = {}) =>
  anIncident({
    name: "the-first",
    phase: "Recovered",
    detectedAt: earlier(minutes(20)),
    sentAt: earlier(minutes(20)),
    ...facts,
  });

/** It was found by this check, and this was its cause. */
function because(incident: IncidentView, check: string, cause?: CauseClass): IncidentView {
  const { spec } = incident;
  const since = spec.detectedAt;
  const finding = { check, reason: "CrashLooping" as const, message: "it ends", since, evidence: [] };
  const why = cause && { class: cause, certainty: "Certain" as const, message: "so", remedy: "do" };
  return { ...incident, spec: { ...spec, findings: [finding], ...(why && { causes: [why] }) } };
}

const starting = withPods(3, waitsFor("ContainerCreating"));

/** It is put back, and its pods are being made. */
function putBack(...facts: readonly Fact[]): Scene {
  return aRollout(at(seconds(1)), starting, withIncidents(failedBefore()), ...facts);
}

/** It is put back under another hash, perhaps with a change. */
function reapplyAs(change: TemplateChange | undefined, ...facts: readonly Fact[]): Scene {
  const changes = [appWith({ image: "registry.example/checkout:2" }), ...(change ? [change] : [])];
  const current = aRevision("77f5c4c9d8", 4, {}, ...changes);
  return given({ ...putBack(), current }, withOthers(WITH_REGION, NEW), starting, ...facts);
}

function found(scene: Scene): Finding | undefined {
  return checkRelease(rolloutIn(scene), scene.now).find(({ check }) => check === "knownBad");
}

function expectKnown(scene: Scene): void {
  expect(found(scene)).to.include({ verdict: "failing", reason: "KnownBad" });
}

function expectUnknown(scene: Scene): void {
  expect(found(scene)).to.deep.equal({ check: "knownBad", verdict: "healthy" });
}

describe("knownBad", () => {
  it("rolls a release back at once that was rolled back before, before any of its pods can fail", () => {
    const { message } = expectRollback(putBack(), GOOD, "KnownBad");
    expect(message).to.contain("was rolled back before (Incident the-first: CrashLooping)");
  });

  it("knows it by its content under another hash", () => {
    expectRollback(reapplyAs(undefined), GOOD, "KnownBad");
  });

  it("goes by what failed first, not by an Incident that only knew it again", () => {
    const again = failedBefore({
      name: "again",
      detectedAt: earlier(minutes(9)),
      sentAt: earlier(minutes(9)),
    });
    const knew = { ...again, spec: { ...again.spec, reason: "KnownBad" as const } };
    const scene = putBack(withIncidents(failedBefore(), knew));
    expect(found(scene)).to.have.property("message").that.contains("Incident the-first: CrashLooping");
  });

  it("is subject to every brake", () => {
    expectHeld(putBack(withWorkload({ veto: "it is corrected" })), "Veto");
    expectHeld(putBack(withIncidents(failedBefore({ sentAt: earlier(minutes(2)) }))), "Cooldown");
  });

  it("lets the pods speak as soon as one of them is ready", () => {
    expectUnknown(putBack(withPods(1), andPods(2, waitsFor("ContainerCreating"))));
  });

  it("can be turned off", () => {
    expectUnknown(putBack(withSpec({ checks: { knownBad: { enabled: false } } })));
  });

  describe("does not know a release", () => {
    it("whose rollback changed nothing: the release was not to blame", () => {
      expectUnknown(putBack(withIncidents(failedBefore({ phase: "NotRecovered" }))));
    });

    it("whose last rollback changed nothing, whatever the one before did", () => {
      const last = failedBefore({ name: "last", phase: "NotRecovered", detectedAt: earlier(minutes(9)) });
      expectUnknown(putBack(withIncidents(failedBefore(), last)));
    });

    it("that a person rolled back", () => {
      expectUnknown(putBack(withIncidents(failedBefore({ kind: "Manual" }))));
    });

    it("that was held and never rolled back", () => {
      const { sentAt: _never, ...held } = { phase: "Superseded" as const, sentAt: 0 };
      expectUnknown(putBack(withIncidents(anIncident({ name: "the-first", ...held }))));
    });

    it("that has become good since, under whatever hash", () => {
      const twin = aRevision("twin", 5, { contentKey: NEW.contentKey });
      const good = remembered(twin, "Good", earlier(minutes(5)));
      expectUnknown(putBack(withOthers(GOOD, twin), ledger(remembered(GOOD, "Good"), good)));
      expectKnown(putBack(withOthers(GOOD, twin), ledger(remembered(GOOD, "Good"))));
    });

    for (const cause of [
      "SecretMissing",
      "ImageNotFound",
      "QuotaExceeded",
      "ServicePortNotServed",
    ] as const) {
      it(`that failed for ${cause}: that can be corrected without another release`, () => {
        expectUnknown(putBack(withIncidents(because(failedBefore(), "configError", cause))));
      });
    }

    it("with another image", () => {
      expectUnknown(reapplyAs(appWith({ image: "registry.example/checkout:3" })));
    });
  });

  describe("takes the first sign of the same trouble", () => {
    const crashes = withIncidents(because(failedBefore(), "crashLoop", "ContainerCrashes"));
    const crashedOnce = withPods(3, crashed({ restarts: 1 }));

    it("where the restored revision left something over: it can be what the release lacked", () => {
      expectUnknown(reapplyAs(extraVariable("REGION"), crashes));
      const scene = reapplyAs(extraVariable("REGION"), crashes, crashedOnce, at(seconds(20)));
      expectKnown(scene);
      expect(found(scene))
        .to.have.property("message")
        .that.contains("left over from the restored revision: container app: env REGION");
    });

    it("where the image's name can mean another image by now", () => {
      const latest = appWith({ image: "registry.example/checkout" });
      const bad = aRevision(NEW.hash, 2, {}, latest);
      const scene = given({ ...putBack(crashes), current: bad }, starting);
      expectUnknown(scene);
      expectKnown(given(scene, crashedOnce, at(seconds(20))));
    });

    it("of no other trouble, and not of unreadiness, with which every pod begins", () => {
      const unready = withPods(3, notReadyYet);
      expectUnknown(reapplyAs(extraVariable("REGION"), crashes, unready, at(seconds(20))));
      const byReadiness = withIncidents(because(failedBefore(), "readiness", "HealthCheckFails"));
      expectUnknown(reapplyAs(extraVariable("REGION"), byReadiness, unready, at(seconds(20))));
    });
  });

  it("is never restored, under whatever hash", () => {
    const twin = aRevision("twin", 5, {
      contentKey: NEW.contentKey,
      createdAt: earlier(minutes(15)),
      availableReplicas: 1,
    });
    const fix = aRevision(
      "fix",
      6,
      { createdAt: later(0) },
      appWith({ image: "registry.example/checkout:3" }),
    );
    const scene = given(
      { ...putBack(), current: fix },
      withOthers(NEW, twin),
      ledger(
        remembered(NEW, "Bad", earlier(minutes(20)), { incident: "the-first" }),
        remembered(twin, "Completed"),
      ),
      withPods(3, crashed({ restarts: 2 })),
      at(minutes(5)),
    );
    expectHeld(scene, "TargetQuarantined");
  });
});
