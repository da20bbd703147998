import { expect } from "chai";
import type { GuardPhase } from "../../../src/api/rollout-guard.ts";
import type { Entry } from "../chronicle.ts";
import type { GuardPlan } from "../plan/application-plan.ts";
import type { Episode } from "../plan/episodes.ts";
import type { Plan } from "../plan/plan.ts";
import {
  aPlan,
  BEGINNING,
  complete,
  evidenceOf,
  guardReports,
  incident,
  rolledOut,
  START_AT,
  UNDONE,
  writeAt,
} from "../testing/a-chronicle.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./verdict.ts";

function wrongs(
  entries: readonly Entry[],
  plan: Plan = aPlan(),
  more: Partial<Evidence> = {},
): readonly string[] {
  return judge(plan, evidenceOf(entries, more)).violations.map(({ rule, what }) => `${rule}: ${what}`);
}

/** The plan with another Deployment for its application. */
function onDeployment(plan: Plan, deployment: Plan["lives"][number]["deployment"]): Plan {
  return { ...plan, lives: plan.lives.map((one) => ({ ...one, deployment })) };
}

/** One violation, which says this. */
function expectWrong(entries: readonly Entry[], says: string, plan?: Plan, more?: Partial<Evidence>): void {
  expect(wrongs(entries, plan, more).join("\n")).to.contain(says);
}

/** No operator ran from then until then (s). */
const absent = (from: number, to: number): Partial<Evidence> => ({
  lifetimes: [
    { operator: "first-1", fromMs: 0, toMs: from * 1_000 },
    { operator: "first-2", fromMs: to * 1_000, toMs: undefined },
  ],
});

const STATUS = "patch rolloutguards/status";
const healthy = (rollbacks: number, incidents = rollbacks): Entry =>
  guardReports(500, { phase: "Healthy", rollbacks, incidents });

describe("the judge of the attack", () => {
  it("finds nothing wrong with a bad version that is recorded, undone once and recovered from", () => {
    expect(wrongs([...BEGINNING, ...UNDONE])).to.deep.equal([]);
  });

  describe("of rollbacks", () => {
    it("condemns the undoing of a good version", () => {
      expectWrong(
        [...BEGINNING, rolledOut(100, "v3"), rolledOut(120, "v1", "operator")],
        "v3, which is good (plain), was undone",
      );
    });

    it("condemns a rollback of a rollback", () => {
      expectWrong(
        [...BEGINNING, ...UNDONE, rolledOut(200, "v2", "operator")],
        "its own rollback to v1 was undone",
      );
    });

    it("condemns a bad version as the target, and an older one than the newest that was good", () => {
      expectWrong(
        [...BEGINNING, rolledOut(100, "v2"), rolledOut(200, "v4"), rolledOut(300, "v2", "operator")],
        "v2, which is bad",
      );
      const two = [...BEGINNING, rolledOut(100, "v3"), complete(105, "v3")];
      expectWrong(
        [...two, rolledOut(200, "v4"), rolledOut(270, "v1", "operator")],
        "though v3 is newer and was good",
      );
    });

    it("forgives an older target only where nobody could look and nothing was left of the newer one", () => {
      const nobody = absent(110, 195);
      const gone = [
        ...BEGINNING,
        rolledOut(100, "v3"),
        complete(105, "v3"),
        rolledOut(200, "v4"),
        complete(203, "v4"),
      ];
      const undone = [...gone, rolledOut(270, "v1", "operator")];
      const why = "though v3 is newer and was good";
      expect(wrongs(undone, aPlan(), nobody).join()).not.to.contain(why);
      expectWrong(undone, why);
      const itsPodsAreLeft = undone.filter((entry) => entry.atMs !== 203_000);
      expectWrong(itsPodsAreLeft, why, aPlan(), nobody);
      const shippedWithoutPods = onDeployment(aPlan(), { replicas: 0 });
      expect(wrongs(itsPodsAreLeft, shippedWithoutPods, nobody).join()).not.to.contain(why);
      const seenLate = absent(110, 150);
      expectWrong(undone, why, aPlan(), seenLate);
      const replacedByAnother = [
        ...gone.filter(({ atMs }) => atMs < 200_000),
        rolledOut(190, "v2"),
        complete(192, "v2"),
        rolledOut(194, "v4"),
        rolledOut(270, "v1", "operator"),
      ];
      expect(wrongs(replacedByAnother, aPlan(), nobody).join()).not.to.contain(why);
      const emptied: Entry = { atMs: 269_000, is: "endpoints", ready: 0 };
      const readyForAnInstant = [...itsPodsAreLeft.slice(0, -1), emptied, ...itsPodsAreLeft.slice(-1)];
      expect(wrongs(readyForAnInstant, aPlan(), nobody).join()).not.to.contain(why);
      expectWrong(readyForAnInstant, why);
      expectWrong(replacedByAnother, why);
    });

    it("forgives a bad target only to a guard that was made anew and found it complete", () => {
      const anew: Entry[] = [
        { atMs: 150_000, is: "guardDeleted", uid: "guard" },
        { atMs: 155_000, is: "guardCreated", uid: "another" },
      ];
      const story = (guards: readonly Entry[]) => [
        ...BEGINNING,
        rolledOut(100, "v2"),
        complete(105, "v2"),
        ...guards,
        rolledOut(200, "v4"),
        rolledOut(270, "v2", "operator"),
      ];
      expectWrong(story([]), "v2, which is bad");
      expect(wrongs(story(anew)).join()).not.to.contain("v2, which is bad");
    });

    it("forgives a target that its Service does not select only where nobody saw the Service serve", () => {
      const anew: Entry[] = [
        { atMs: 80_000, is: "guardDeleted", uid: "guard" },
        { atMs: 85_000, is: "guardCreated", uid: "another" },
      ];
      const undone = [rolledOut(200, "v4"), rolledOut(270, "v2", "operator")];
      const story = [...BEGINNING, ...anew, rolledOut(100, "v2"), complete(105, "v2"), ...undone];
      const why = "v4 was replaced by v2, which is bad";
      const lost = (kind: string, guard: Partial<GuardPlan> = {}): Plan => {
        const plan = aPlan(guard);
        const lives = plan.lives.map((life) => ({
          ...life,
          versions: life.versions.map((version) => ({ ...version, kind })),
        }));
        return { ...plan, lives };
      };
      const nobody = absent(70, 104);
      expect(wrongs(story, lost("label-lost"), nobody).join()).not.to.contain(why);
      expectWrong(story, why, lost("label-lost"), absent(70, 78));
      expectWrong(story, why, lost("crash"), nobody);
      expectWrong(story, why, lost("label-lost", { namesServices: true }), nobody);
      const sameGuard = story.filter(({ is }) => is !== "guardDeleted");
      expectWrong(sameGuard.slice(0, 3).concat(sameGuard.slice(4)), why, lost("label-lost"), nobody);
    });

    it("forgives an older target to a guard that was made anew, which did not see the newer one do well", () => {
      const anew: Entry[] = [
        { atMs: 205_000, is: "guardDeleted", uid: "guard" },
        { atMs: 207_000, is: "guardCreated", uid: "another" },
      ];
      const two = [...BEGINNING, rolledOut(100, "v3"), complete(105, "v3"), rolledOut(200, "v4"), ...anew];
      expect(wrongs([...two, rolledOut(270, "v1", "operator")]).join()).not.to.contain("newer");
    });

    it("forgives an older target where the newer one had no time to bake", () => {
      const two = [...BEGINNING, rolledOut(100, "v3"), complete(105, "v3"), rolledOut(120, "v4")];
      expect(wrongs([...two, rolledOut(190, "v1", "operator")]).join()).not.to.contain("newer");
    });

    it("condemns a template that nobody shipped", () => {
      const other: Entry = {
        atMs: 161_000,
        is: "template",
        by: "operator",
        tag: "v1",
        template: "other",
        isNew: false,
      };
      expectWrong([...BEGINNING, rolledOut(100, "v2"), other], "was not restored as it was shipped");
    });

    it("condemns what the guard forbids: mode, limit, cooldown", () => {
      const undone = [...BEGINNING, ...UNDONE];
      expectWrong(undone, "the guard only observes", aPlan({ mode: "Observe" }));
      const again = [
        ...undone,
        rolledOut(300, "v4"),
        incident(310, "v4", "Held"),
        rolledOut(310, "v1", "operator"),
      ];
      expectWrong(again, "number 2 of 1 in 3600 s", aPlan({ maxRollbacks: 1 }));
      expectWrong(again, "only 149 s after the one before", aPlan({ cooldownMs: 300_000 }));
    });

    describe("of a version that is put back", () => {
      const round = (seconds: number): readonly Entry[] => [
        rolledOut(seconds, "v2", "engine"),
        incident(seconds + 1, "v2", "Acting", { name: `app-1-v2-${seconds}` }),
        rolledOut(seconds + 2, "v1", "operator"),
        complete(seconds + 6, "v1"),
        incident(seconds + 10, "v2", "Superseded", { name: `app-1-v2-${seconds}`, detected: seconds + 1 }),
      ];
      const held = incident(260, "v2", "Held", { name: "app-1-v2-3" });

      it("forgives one more rollback, and condemns the third in a row", () => {
        const once = [...BEGINNING, ...UNDONE.slice(0, 4), ...round(200)];
        expect(wrongs([...once, rolledOut(250, "v2", "engine"), held]).join()).not.to.contain("put back");
        expectWrong([...once, ...round(250)], "v2 was put back and undone again, after 2 rollbacks of it");
      });

      it("begins to count again when people have shipped another", () => {
        const another = [rolledOut(230, "v3"), complete(235, "v3")];
        const story = [...BEGINNING, ...UNDONE.slice(0, 4), ...round(200), ...another, ...round(300)];
        expect(wrongs(story).join()).not.to.contain("put back");
      });

      it("is to be recorded like any other", () => {
        const left = [...BEGINNING, ...UNDONE, rolledOut(240, "v2", "engine")];
        expectWrong(left, "nothing was recorded of v2");
      });

      it("at once has an Incident of its own, though that was detected in the second of the first", () => {
        const atOnce = [
          rolledOut(161.1, "v2", "engine"),
          incident(162, "v2", "Held", { name: "app-1-v2-2", detected: 160.9 }),
        ];
        const story = [...BEGINNING, ...UNDONE.slice(0, 3), ...atOnce];
        expect(wrongs(story).join()).not.to.contain("is the second about the same rollout");
      });
    });

    it("condemns two patches for one Incident, whatever became of the template", () => {
      const patched = (seconds: number): Entry => ({
        atMs: seconds * 1_000,
        is: "patched",
        incident: "app-1-v2",
      });
      const story = [...BEGINNING, rolledOut(100, "v2"), incident(160, "v2", "Acting"), patched(161)];
      expect(wrongs(story).join()).not.to.contain("patched again");
      expectWrong([...story, patched(163)], "Incident app-1-v2 was patched again");
      const cleared = [...story, incident(300, "v2", "deleted"), patched(400)];
      expect(wrongs(cleared).join()).not.to.contain("patched again");
    });

    it("condemns what people forbid: a pause, a veto, no guard", () => {
      const during = (entry: Entry) => [
        ...BEGINNING,
        rolledOut(100, "v2"),
        entry,
        rolledOut(161, "v1", "operator"),
      ];
      expectWrong(
        during({ atMs: 110_000, is: "paused", isPaused: true, by: "people" }),
        "the Deployment was paused",
      );
      expectWrong(during({ atMs: 110_000, is: "veto", isSet: true }), "a veto was set");
      expectWrong(during({ atMs: 110_000, is: "guardDeleted", uid: "guard" }), "there was no guard");
    });
  });

  describe("of what was missed", () => {
    const left = [
      ...BEGINNING,
      rolledOut(100, "v2"),
      guardReports(200, { phase: "Progressing", incidents: 0, rollbacks: 0 }),
    ];

    it("condemns a bad version that nobody recorded", () => {
      expectWrong(left, "nothing was recorded of v2");
    });

    it("condemns one that was recorded and not undone", () => {
      expectWrong([...left, incident(160, "v2", "Held")], "v2, which is bad (health-500), was not undone");
    });

    it("gives a version that hurts nobody its time, and none that costs a Service its endpoints", () => {
      const patient = aPlan();
      const [life] = patient.lives;
      const versions = (life?.versions ?? []).map((each) => ({ ...each, patientMs: 10 * each.conclusiveMs }));
      const plan = { ...patient, lives: patient.lives.map((each) => ({ ...each, versions })) };
      const has = (seconds: number, ready: number): Entry => ({
        atMs: seconds * 1_000,
        is: "endpoints",
        ready,
      });
      const wants: Entry = { atMs: 0, is: "scaled", replicas: 3 };
      const story = [wants, ...BEGINNING, has(6, 3), rolledOut(100, "v2")];
      expect(wrongs([...story, has(120, 2)], plan).join()).not.to.contain("missed");
      expectWrong([...story, has(120, 1)], "nothing was recorded of v2", plan);
      expect(wrongs([...story, has(120, 1), has(130, 3)], plan).join()).not.to.contain("missed");
    });

    it("asks for no rollback where the guard only observes, or there is nothing to go back to", () => {
      const held = [...left, incident(160, "v2", "Held")];
      expect(wrongs(held, aPlan({ mode: "Observe" })).join()).not.to.contain("not undone");
      const first: readonly Entry[] = [
        { atMs: 0, is: "guardCreated", uid: "guard" },
        rolledOut(1, "v2", "people", true),
        incident(70, "v2", "Held"),
      ];
      expect(wrongs(first).join()).not.to.contain("not undone");
    });

    it("asks for no rollback to what ran only before the guard was made anew", () => {
      const anew: Entry[] = [
        { atMs: 150_000, is: "guardDeleted", uid: "guard" },
        { atMs: 155_000, is: "guardCreated", uid: "another" },
      ];
      const story = (guards: readonly Entry[]) =>
        wrongs([
          ...BEGINNING,
          rolledOut(100, "v2"),
          ...guards,
          rolledOut(200, "v4"),
          incident(270, "v4", "Held"),
        ]).join();
      expect(story([])).to.contain("v4, which is bad (health-500), was not undone");
      expect(story(anew)).not.to.contain("v4, which is bad (health-500), was not undone");
    });

    it("gives time while there is trouble, or no operator", () => {
      const soon = [...BEGINNING, rolledOut(440, "v2"), incident(580, "v2", "Held")];
      expectWrong(soon, "not undone");
      expect(wrongs(soon, aPlan(), absent(440, 560)).join()).not.to.contain("not undone");
      const trouble = { is: "lag", whom: "both", upToMs: 1_000 } as const;
      const plan = aPlan({}, [{ atMs: 430_000, untilMs: 560_000, trouble }]);
      expect(wrongs(soon, plan).join()).not.to.contain("not undone");
    });
  });

  describe("of Incidents", () => {
    it("condemns one about a good version, and one about nothing", () => {
      expectWrong(
        [...BEGINNING, rolledOut(100, "v3"), incident(150, "v3", "Superseded")],
        "is about v3, which is good",
      );
      expectWrong([...BEGINNING, incident(150, "v4", "Superseded")], "is about no rollout that there was");
    });

    it("condemns a second one about the same rollout", () => {
      const second = incident(161, "v2", "Superseded", { name: "app-1-v2-2", detected: 160 });
      expectWrong([...BEGINNING, ...UNDONE, second], "app-1-v2-2 is the second about the same rollout of v2");
    });

    it("lets admission begin a rollout of its own, which has one Incident, and ends the one before", () => {
      const admitted = (seconds: number): Entry => ({ atMs: seconds * 1_000, is: "admitted" });
      const held = [...BEGINNING, rolledOut(100, "v2"), incident(160, "v2", "Held")];
      const ended = incident(202, "v2", "Superseded", { detected: 160 });
      const again = incident(230, "v2", "Held", { name: "app-1-v2-2" });
      expect(wrongs([...held, admitted(200), ended, again]).join()).not.to.contain("second");
      expectWrong(
        [...held, ended, admitted(215), again, incident(231, "v2", "Held", { name: "app-1-v2-3" })],
        "app-1-v2-3 is the second",
      );
      expectWrong([...held, ended, again, admitted(260)], "app-1-v2-2 is the second");
    });

    it("condemns one that ended as Superseded though the restored version served, unless admission changed it", () => {
      const served = [...BEGINNING, ...UNDONE.slice(0, 4)];
      const ended = incident(420, "v2", "Superseded", { detected: 160 });
      expectWrong([...served, ended], "ended as Superseded, though v1 served again");
      const admitted: Entry = { atMs: 419_000, is: "admitted" };
      expect(wrongs([...served, admitted, ended]).join()).not.to.contain("ended as Superseded");
      const long = [...served, { ...admitted, atMs: 380_000 }, ended];
      expectWrong(long, "ended as Superseded, though v1 served again");
    });

    it("knows one about a version that is applied again at once from one about the first try", () => {
      const overtaken = incident(162, "v2", "Superseded", { detected: 160 });
      const again = [...BEGINNING, ...UNDONE.slice(0, 3), rolledOut(162, "v2"), overtaken];
      const second = [
        incident(222, "v2", "Acting", { name: "app-1-v2-2" }),
        rolledOut(223, "v1", "operator"),
        complete(227, "v1"),
        incident(288, "v2", "Recovered", { name: "app-1-v2-2", detected: 222 }),
      ];
      expect(wrongs([...again, ...second, healthy(2)])).to.deep.equal([]);
    });

    it("condemns a rollback without one", () => {
      expectWrong(
        [...BEGINNING, rolledOut(100, "v2"), rolledOut(161, "v1", "operator")],
        "there is no Incident about v2",
      );
    });

    it("condemns one that is open although nothing fails any more", () => {
      const open = [
        ...BEGINNING,
        rolledOut(100, "v2"),
        incident(160, "v2", "Held"),
        rolledOut(200, "v3"),
        healthy(0, 1),
      ];
      expectWrong(open, "Incident app-1-v2 is Held at the end");
    });

    it("takes the guard's word for it that a bad version shows nothing wrong at the moment, and no other phase", () => {
      const endsAs = (phase: GuardPhase) => [
        ...BEGINNING,
        rolledOut(100, "v2"),
        incident(170, "v2", "Held", { brake: "SignsGone" }),
        guardReports(171, { phase, incidents: 1, rollbacks: 0, activeIncident: "app-1-v2" }),
      ];
      expect(wrongs(endsAs("Baking")).join()).not.to.contain("the guard is");
      expectWrong(endsAs("Failing"), "the guard is Failing, and ought to be Progressing or Baking");
    });

    it("forgives a rollback that was sent late and is under way at the end, and no older one", () => {
      const sentAt = (seconds: number) => [
        ...BEGINNING,
        rolledOut(100, "v2"),
        incident(170, "v2", "Held"),
        guardReports(170, { phase: "Failing", incidents: 1, rollbacks: 0, activeIncident: "app-1-v2" }),
        rolledOut(seconds, "v1", "operator"),
        incident(seconds, "v2", "Verifying", { detected: 170 }),
      ];
      const forbidden = aPlan({ cooldownMs: 300_000 });
      expect(wrongs([...sentAt(582)], forbidden).join()).not.to.match(/stuck|guard:/);
      expectWrong(sentAt(480), "is Verifying at the end", forbidden);
    });

    it("gives a restored version longer whose pods start slowly, one after the other", () => {
      const [life] = aPlan().lives;
      const versions = (life?.versions ?? []).map((each) => ({
        ...each,
        version: { ...each.version, env: { START_DELAY: "50s" } },
      }));
      const slow = { ...aPlan(), lives: aPlan().lives.map((each) => ({ ...each, versions })) };
      const story = [
        ...BEGINNING,
        rolledOut(100, "v2"),
        incident(440, "v2", "Acting"),
        rolledOut(440, "v1", "operator"),
        incident(441, "v2", "Verifying", { detected: 440 }),
      ];
      expect(wrongs(story, slow).join()).not.to.contain("stuck");
      expectWrong(story, "is Verifying at the end");
    });

    it("gives a restored version as long to prove itself as the failed one took to fail", () => {
      const story = (seconds: number) => [
        ...BEGINNING,
        rolledOut(100, "v2"),
        incident(seconds, "v2", "Acting"),
        rolledOut(seconds, "v1", "operator"),
        complete(seconds + 5, "v1"),
        incident(seconds + 6, "v2", "Verifying", { detected: seconds }),
      ];
      expect(wrongs(story(500)).join()).not.to.contain("stuck");
      expectWrong(story(200), "is Verifying at the end");
    });

    it("lets a restored version prove itself from the beginning when people shipped another and undid that", () => {
      const story = (seconds: number, ...undone: Entry[]) => [
        ...BEGINNING,
        rolledOut(100, "v2"),
        incident(300, "v2", "Acting"),
        rolledOut(300, "v1", "operator"),
        complete(305, "v1"),
        incident(306, "v2", "Verifying", { detected: 300 }),
        rolledOut(seconds, "v4"),
        ...undone,
      ];
      const backAt = (seconds: number) =>
        story(seconds, rolledOut(seconds + 3, "v1"), complete(seconds + 5, "v1"));
      expect(wrongs(backAt(415)).join()).not.to.contain("stuck");
      expectWrong(backAt(350), "is Verifying at the end");
      expectWrong(story(415), "is Verifying at the end");
      expectWrong(story(415, rolledOut(418, "v3")), "is Verifying at the end");
    });

    it("condemns a recovery that was not earned for a minute, and lets a late one follow NotRecovered", () => {
      const ended = (seconds: number, phase: "Recovered" | "NotRecovered") =>
        incident(seconds, "v2", phase, { detected: 160 });
      const [bad, acting, undone, served] = UNDONE;
      const story = [...BEGINNING, ...[bad, acting, undone, served].flatMap((entry) => entry ?? [])];
      expectWrong([...story, ended(200, "Recovered")], "ended as Recovered before v1 had proven itself");
      const late = [...story, ended(200, "NotRecovered"), ended(300, "Recovered"), healthy(1)];
      expect(wrongs(late)).to.deep.equal([]);
    });

    it("lets the oldest be cleared away where the history is full, and no rollback be forgotten", () => {
      const cleared = incident(300, "v2", "deleted", { detected: 160 });
      const second = [rolledOut(200, "v4"), incident(270, "v4", "Superseded"), rolledOut(280, "v5")];
      const story = [...BEGINNING, ...UNDONE.slice(0, -1), ...second, cleared, healthy(1, 2)];
      expect(wrongs(story, aPlan({ incidentHistoryLimit: 1, windowMs: 60_000 })).join()).not.to.contain(
        "deleted",
      );
      expectWrong(
        story,
        "became deleted after its end",
        aPlan({ incidentHistoryLimit: 2, windowMs: 60_000 }),
      );
      const rolledBack = {
        ...cleared,
        status: { steps: [{ action: "Undo", startedAt: new Date(START_AT + 161_000).toISOString() }] },
      };
      const forgotten = story.map((entry) => (entry === cleared ? (rolledBack as unknown as Entry) : entry));
      expectWrong(forgotten, "became deleted after its end", aPlan({ incidentHistoryLimit: 1 }));
    });

    it("condemns one that is deleted, that goes on after its end, or that ends wrongly", () => {
      const about = (phase: "deleted" | "Held") => incident(300, "v2", phase, { detected: 160 });
      expectWrong([...BEGINNING, ...UNDONE, about("deleted")], "became deleted after its end");
      expectWrong([...BEGINNING, ...UNDONE, about("Held")], "became Held after its end");
      const lost = UNDONE.map((entry) =>
        entry.is === "incident" && entry.phase === "Recovered"
          ? incident(226, "v2", "NotRecovered", { detected: 160 })
          : entry,
      );
      expectWrong([...BEGINNING, ...lost], "ended as NotRecovered, though v1 is good");
    });
  });

  describe("of the guard", () => {
    it("condemns a phase that does not agree with the cluster", () => {
      const stuck = guardReports(500, { phase: "RollingBack", incidents: 1, rollbacks: 1 });
      expectWrong([...BEGINNING, ...UNDONE, stuck], "the guard is RollingBack, and ought to be Healthy");
      expectWrong([...BEGINNING], "the guard has no status");
    });

    it("condemns wrong counts, and an active Incident that is not", () => {
      expectWrong([...BEGINNING, ...UNDONE, healthy(2)], "counts 2 rollbacks, there were 1");
      const active = guardReports(500, {
        phase: "Healthy",
        incidents: 1,
        rollbacks: 1,
        activeIncident: "app-1-v2",
      });
      expectWrong([...BEGINNING, ...UNDONE, active], "active Incident is app-1-v2, open is none");
    });
  });

  describe("of rest", () => {
    it("condemns writes at the end, and more writes than what happened explains", () => {
      expectWrong([...BEGINNING, ...UNDONE], "1 writes in the last 20 s", aPlan(), {
        writes: [writeAt(590, STATUS)],
      });
      const writes = Array.from({ length: 500 }, () => writeAt(300, STATUS));
      expectWrong([...BEGINNING, ...UNDONE], "500 writes of operators", aPlan(), { writes });
    });

    it("forgives what is written of a bad version whose time began again after an outage of nodes", () => {
      const lostNodes: Episode = { atMs: 480_000, untilMs: 490_000, trouble: { is: "lostNodes", count: 1 } };
      const story = [...BEGINNING, rolledOut(100, "v2"), incident(590, "v2", "Held")];
      const more = { writes: [writeAt(590, "patch incidents/status")] };
      const observing = { mode: "Observe" } as const;
      expectWrong(story, "1 writes in the last 20 s", aPlan(observing), more);
      expect(wrongs(story, aPlan(observing, [lostNodes]), more).join()).not.to.contain("no rest");
    });

    it("forgives writes about what happens to the Deployment so late", () => {
      const late = [...BEGINNING, ...UNDONE, complete(560, "v1", false), complete(583, "v1")];
      expect(wrongs(late, aPlan(), { writes: [writeAt(584, STATUS), writeAt(585, STATUS)] })).to.deep.equal(
        [],
      );
      expectWrong(late, "1 writes in the last 20 s", aPlan(), { writes: [writeAt(595, STATUS)] });
    });
  });

  it("condemns an operator that ends by itself, or finds a bug in itself", () => {
    expectWrong([...BEGINNING, ...UNDONE], "operator: it ended", aPlan(), { faults: ["it ended"] });
    const bug: Entry = { atMs: 1, is: "log", operator: "first-1", level: "error", message: "this is a bug" };
    expectWrong([...BEGINNING, ...UNDONE, bug], "1 times: this is a bug");
  });
});
