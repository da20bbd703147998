import { expect } from "chai";
import type { EventView } from "../snapshot/event.ts";
import { notReadyYet, unschedulable } from "../testing/a-pod.ts";
import { anIncident } from "../testing/an-incident.ts";
import { decisionIn } from "../testing/expect-decision.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andPods, withIncidents, withPods } from "../testing/facts.ts";
import { later, seconds, T0 } from "../testing/instants.ts";
import { aRestoredWorkload, aRollout, aSettledWorkload, at } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { informativeEvents, podEventsQuestion } from "./pod-events.ts";
import { withAnswers } from "./with-answers.ts";

const unplaced = withPods(3, unschedulable(T0));

function anEvent(reason: string, changes: Partial<EventView> = {}): EventView {
  const involved = { kind: "Pod", name: "checkout-1", uid: "uid-1" };
  return { type: "Normal", reason, involved, message: reason, count: 1, lastAt: T0, ...changes };
}

describe("podEventsQuestion", () => {
  it("is asked while pods of the rollout are unschedulable, every fifteen seconds at most", () => {
    const question = podEventsQuestion(rolloutIn(aRollout(unplaced)));
    expect(question).to.deep.include({ key: "podEvents", for: "decide", maxAgeMs: 15_000 });
    expect(podEventsQuestion(rolloutIn(aRollout(withPods(3, notReadyYet))))).to.equal(undefined);
    expect(podEventsQuestion(rolloutIn(aRollout()))).to.equal(undefined);
  });

  it("asks about the three pods that have waited longest", () => {
    const scene = aRollout(withPods(4, unschedulable(later(seconds(5)))), andPods(1, unschedulable(T0)));
    const pods = podEventsQuestion(rolloutIn(scene))?.pods ?? [];
    expect(pods).to.have.length(3);
    expect(pods[0]?.uid).to.equal(scene.pods?.at(-1)?.uid);
  });

  it("is asked about a rollout that is judged, and while a rollback is verified, and by nobody else", () => {
    const asks = (scene: ReturnType<typeof aRollout>) =>
      decisionIn(scene).questions.some(({ ask }) => ask === "podEvents");
    const verifying = withIncidents(anIncident({ phase: "Verifying", sentAt: later(seconds(60)) }));
    expect(asks(aRollout(unplaced, at(seconds(10))))).to.equal(true);
    expect(asks(aRestoredWorkload(verifying, unplaced))).to.equal(true);
    expect(asks(aSettledWorkload(unplaced))).to.equal(false);
    expect(asks(aRollout())).to.equal(false);
  });
});

describe("informativeEvents", () => {
  it("are Normal ones of the reasons that say who acts, newest first", () => {
    const events = [
      anEvent("Nominated"),
      anEvent("TriggeredScaleUp", { lastAt: later(seconds(5)) }),
      anEvent("Killing"),
      anEvent("FailedScheduling", { type: "Warning" }),
    ];
    expect(informativeEvents(events).map(({ reason }) => reason)).to.deep.equal([
      "TriggeredScaleUp",
      "Nominated",
    ]);
  });
});

describe("withAnswers", () => {
  const snapshot = snapshotOf(aRollout(unplaced));
  const [pod] = snapshot.pods.filter(({ isReady }) => !isReady);
  const about = (uid = "") => anEvent("TriggeredScaleUp", { involved: { kind: "Pod", name: "p", uid } });

  it("puts the Events that were asked for among the others, and none about pods that are gone", () => {
    const value = [about(pod?.uid), about("uid-of-another")];
    const answered = withAnswers(snapshot, { podEvents: { at: T0, value } });
    expect(answered.events).to.deep.equal([...snapshot.events, about(pod?.uid)]);
    expect(answered.answers).to.have.property("podEvents");
  });

  it("is the snapshot itself where nothing was asked, and adds no Event that nobody could give", () => {
    expect(withAnswers(snapshot, {})).to.equal(snapshot);
    const unavailable = withAnswers(snapshot, { podEvents: { at: T0, unavailable: "forbidden" } });
    expect(unavailable.events).to.equal(snapshot.events);
  });
});
