import { expect } from "chai";
import fc from "fast-check";
import { BEHAVIOUR_MS } from "../rollout/patience.ts";
import { notReadyYet, regainedReadiness } from "../testing/a-pod.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import {
  anOutage,
  completedAfter,
  wanting,
  withOldPods,
  withPods,
  withService,
  withStatus,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { countsAt, deadlineAt, type Evidence, MORE_THAN_A_THIRD, patienceWith } from "./urgency.ts";

const EVIDENCE: readonly Evidence[] = ["mistake", "missingObject", "unclear", "behaviour", "expected"];
const starting = withPods(3, notReadyYet);
const rolloutOf = (...facts: readonly Fact[]) => rolloutIn(aRollout(starting, ...facts));
/** One endpoint of three is left, since three seconds after the rollout began. */
const lost = withService({
  readyEndpoints: 1,
  changes: [
    { at: earlier(minutes(1)), ready: 3 },
    { at: later(seconds(3)), ready: 1 },
  ],
});

describe("patienceWith", () => {
  it("gives a mistake no longer while nobody is hurt: waiting cures nothing", () => {
    expect(patienceWith("mistake", seconds(20))).to.deep.equal({
      urgentMs: seconds(20),
      patientMs: seconds(20),
    });
  });

  it("gives what may still appear two minutes while nobody is hurt", () => {
    for (const evidence of ["missingObject", "unclear"] as const) {
      expect(patienceWith(evidence, seconds(20))).to.deep.equal({
        urgentMs: seconds(20),
        patientMs: minutes(2),
      });
    }
  });

  it("gives what the release does two and a half minutes while nobody is hurt", () => {
    expect(patienceWith("behaviour", 0)).to.deep.equal({ urgentMs: 0, patientMs: BEHAVIOUR_MS });
    expect(BEHAVIOUR_MS).to.equal(seconds(150));
  });

  it("gives whoever is expected three minutes while service is lost, and no end of its own while nobody is hurt", () => {
    expect(patienceWith("expected", seconds(20))).to.deep.equal({
      urgentMs: minutes(3),
      patientMs: Number.POSITIVE_INFINITY,
    });
  });

  it("obeys what the guard says as written, whatever the evidence", () => {
    for (const evidence of EVIDENCE) {
      expect(patienceWith(evidence, seconds(20), seconds(7))).to.deep.equal({
        urgentMs: seconds(7),
        patientMs: seconds(7),
      });
    }
  });

  it("is never longer while service is lost than while nobody is hurt, nor shorter than asked", () => {
    fc.assert(
      fc.property(fc.constantFrom(...EVIDENCE), fc.nat(), (evidence, urgent) => {
        const { urgentMs, patientMs } = patienceWith(evidence, urgent);
        expect(patientMs).to.be.at.least(urgentMs);
        expect(urgentMs).to.be.at.least(urgent);
      }),
    );
  });
});

describe("countsAt", () => {
  const patience = { urgentMs: seconds(20), patientMs: minutes(2) };

  it("is the patient time while nobody is hurt, and the urgent one while service is lost", () => {
    expect(countsAt(rolloutOf(), later(0), patience)).to.equal(later(minutes(2)));
    expect(countsAt(rolloutOf(lost), later(0), patience)).to.equal(later(seconds(20)));
  });

  it("is the Deployment's deadline for a patience without end", () => {
    const endless = { urgentMs: minutes(3), patientMs: Number.POSITIVE_INFINITY };
    expect(countsAt(rolloutOf(), later(0), endless)).to.equal(later(minutes(10)));
    expect(countsAt(rolloutOf(lost), later(0), endless)).to.equal(later(minutes(3)));
  });

  it("is not urgent in the first ten seconds of a loss, which can be a moment's", () => {
    const long = { urgentMs: seconds(4), patientMs: minutes(2) };
    const since = (second: number) =>
      withService({
        readyEndpoints: 1,
        changes: [
          { at: earlier(minutes(1)), ready: 3 },
          { at: later(seconds(second)), ready: 1 },
        ],
      });
    expect(countsAt(rolloutOf(since(60)), later(0), patience)).to.equal(later(seconds(70)));
    expect(countsAt(rolloutOf(since(60)), later(0), long)).to.equal(later(seconds(64)));
    expect(countsAt(rolloutOf(since(60)), later(0), { ...patience, urgentMs: 0 })).to.equal(
      later(seconds(60)),
    );
  });

  it("is patient while a quarter is lost, which a rolling update takes away by default, good or bad", () => {
    const of = (desired: number, ready: number) =>
      rolloutOf(
        wanting(desired),
        withStatus({ services: [{ name: "checkout", endpoints: desired }] }),
        withService({ readyEndpoints: ready }),
      );
    for (const [desired, ready] of [
      [4, 3],
      [8, 6],
      [10, 8],
      [100, 75],
    ] as const) {
      expect(countsAt(of(desired, ready), later(0), patience)).to.equal(later(minutes(2)));
    }
    for (const [desired, ready] of [
      [3, 2],
      [4, 2],
      [10, 7],
      [100, 73],
    ] as const) {
      expect(countsAt(of(desired, ready), later(0), patience)).to.equal(later(seconds(20)));
    }
  });

  it("leaves out a loss that goes with the fault itself: a third of the endpoints, where the check says so", () => {
    const third = withService({ readyEndpoints: 2 });
    expect(countsAt(rolloutOf(third), later(0), patience)).to.equal(later(seconds(20)));
    expect(countsAt(rolloutOf(third), later(0), patience, MORE_THAN_A_THIRD)).to.equal(later(minutes(2)));
    expect(countsAt(rolloutOf(lost), later(0), patience, MORE_THAN_A_THIRD)).to.equal(later(seconds(20)));
  });

  describe("when the clock begins again", () => {
    it("is when an outage of the environment ended", () => {
      const outages = anOutage(3).map((one) => ({ ...one, upAt: later(minutes(4)) }));
      const rollout = rolloutOf(withSurroundings({ outages }), at(minutes(5)));
      expect(countsAt(rollout, later(0), patience)).to.equal(later(minutes(6)));
      expect(countsAt(rollout, later(minutes(5)), patience)).to.equal(later(minutes(7)));
    });

    it("is when half of the old pods are ready again that had lost it in the middle of the rollout", () => {
      const back = withOldPods(3, regainedReadiness(later(minutes(3))));
      const rollout = rolloutOf(back, at(minutes(4)));
      expect(countsAt(rollout, later(0), patience)).to.equal(later(minutes(5)));
    });
  });

  it("does not run out in a silence of the API server, nor in the moment after it", () => {
    const silent = withSurroundings({ currentSinceAt: later(minutes(9)) });
    expect(countsAt(rolloutOf(silent), later(0), patience)).to.equal(later(minutes(9) + seconds(15)));
    const before = withSurroundings({ currentSinceAt: later(seconds(10)) });
    expect(countsAt(rolloutOf(before), later(0), patience)).to.equal(later(minutes(2)));
  });

  const times = fc.nat({ max: 3_600_000 });
  const patiences = fc
    .tuple(times, times)
    .map(([a, b]) => ({ urgentMs: Math.min(a, b), patientMs: Math.max(a, b) }));
  const rollouts = fc
    .record({
      ready: fc.nat({ max: 3 }),
      since: fc.option(times, { nil: undefined }),
      completed: fc.boolean(),
    })
    .map(({ ready, since, completed }) =>
      rolloutOf(
        ...(completed ? [completedAfter(seconds(1))] : []),
        withService({
          readyEndpoints: ready,
          ...(since !== undefined && {
            changes: [
              { at: earlier(minutes(1)), ready: 3 },
              { at: later(since), ready },
            ],
          }),
        }),
      ),
    );

  it("is never earlier with more patience", () => {
    fc.assert(
      fc.property(rollouts, times, patiences, times, times, (rollout, since, known, urgent, patient) => {
        const more = { urgentMs: known.urgentMs + urgent, patientMs: known.patientMs + patient };
        const [knownAt = 0, moreAt] = [known, more].map((one) => countsAt(rollout, later(since), one));
        expect(moreAt).to.be.at.least(knownAt);
      }),
    );
  });

  it("is never before the patient time while nobody is hurt, and never after it while somebody is", () => {
    fc.assert(
      fc.property(rollouts, times, patiences, (rollout, since, known) => {
        const counted = countsAt(rollout, later(since), known);
        const patientAt = later(since) + known.patientMs;
        if (rollout.loss.share === 0) expect(counted).to.equal(patientAt);
        expect(counted).to.be.within(later(since) + known.urgentMs, patientAt);
      }),
    );
  });

  it("is never earlier for a fault that began later", () => {
    fc.assert(
      fc.property(rollouts, times, times, patiences, (rollout, since, more, known) => {
        const first = countsAt(rollout, later(since), known);
        expect(countsAt(rollout, later(since + more), known)).to.be.at.least(first);
      }),
    );
  });
});

describe("deadlineAt", () => {
  const progressing = (updatedAt: number) =>
    withWorkload({
      conditions: [
        {
          type: "Progressing",
          status: "True",
          reason: "ReplicaSetUpdated",
          message: "",
          transitionAt: later(0),
          updatedAt,
        },
      ],
    });

  it("is the Deployment's own deadline, from its last progress", () => {
    expect(deadlineAt(rolloutOf(), later(0))).to.equal(later(minutes(10)));
    expect(deadlineAt(rolloutOf(progressing(later(minutes(3)))), later(0))).to.equal(later(minutes(13)));
    const short = withWorkload({ progressDeadlineSeconds: 60 });
    expect(deadlineAt(rolloutOf(short), later(0))).to.equal(later(minutes(1)));
  });

  it("is an hour after the fault began at the latest, however long the Deployment's own is", () => {
    const day = withWorkload({ progressDeadlineSeconds: 86_400 });
    expect(deadlineAt(rolloutOf(day), later(minutes(5)))).to.equal(later(minutes(65)));
  });

  it("is counted from the fault once the rollout is complete: Kubernetes has none then", () => {
    expect(deadlineAt(rolloutOf(completedAfter(seconds(9))), later(minutes(4)))).to.equal(later(minutes(14)));
  });

  it("leaves a fault that begins late as much time as any, and no more than the deadline itself", () => {
    expect(deadlineAt(rolloutOf(at(minutes(30))), later(minutes(20)))).to.equal(later(minutes(22.5)));
    expect(deadlineAt(rolloutOf(at(minutes(9))), later(minutes(9)))).to.equal(later(minutes(11.5)));
    const short = withWorkload({ progressDeadlineSeconds: 30 });
    expect(deadlineAt(rolloutOf(short), later(seconds(50)))).to.equal(later(seconds(80)));
  });
});
