import { expect } from "chai";
import type { IncidentSpec } from "../../api/incident.ts";
import { decide } from "../decide.ts";
import type { ContainerView, PodView } from "../snapshot/pod.ts";
import { effectsOf } from "../testing/expect-decision.ts";
import { crashing, withSpec } from "../testing/facts.ts";
import { aRollout, type Scene } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { withAnswers } from "./with-answers.ts";

const LOGS = withSpec({ evidence: { logs: true } });
const failing = aRollout(LOGS, crashing);
const chosen = (scene: Scene) =>
  decide(snapshotOf(scene), scene.now).questions.find((question) => question.ask === "podLog");

/** The scene with every container of the new pods changed. */
function changed(scene: Scene, change: (container: ContainerView, index: number) => ContainerView): Scene {
  const pods = (scene.pods ?? []).map((pod): PodView => ({ ...pod, containers: pod.containers.map(change) }));
  return { ...scene, pods };
}

describe("podLogQuestion", () => {
  it("is that of a container that failed, before its restart when it runs or waits again", () => {
    const [pod] = snapshotOf(failing).pods.filter(({ revisionId }) => revisionId === failing.current.id);
    expect(chosen(failing)).to.include({ container: "app", previous: true, pod: pod?.name, for: "record" });
  });

  it("is the container's present one when it has ended and was not restarted yet: the kubelet keeps no other", () => {
    const ended = changed(failing, (container) => ({
      ...container,
      state: container.last ?? container.state,
    }));
    expect(chosen(ended)).to.include({ previous: false });
  });

  it("is nobody's where the guard does not ask for logs, and where nothing fails", () => {
    expect(chosen(aRollout(crashing))).to.equal(undefined);
    expect(chosen(aRollout(LOGS))).to.equal(undefined);
  });

  it("is nobody's when no container could be started", () => {
    const unstarted = changed(failing, (container) => ({
      ...container,
      state: { is: "waiting", reason: "RunContainerError", message: "" },
      last: { ...terminated(container), reason: "StartError", exitCode: 128 },
    }));
    expect(chosen(unstarted)).to.equal(undefined);
  });
});

describe("a new Incident", () => {
  it("says why it has no last words when nothing has run, and says nothing where nobody asked", () => {
    expect(opened(failing)?.lastWords).to.deep.equal({
      lines: [],
      missing: "No container of the failing pods has run, so there are no logs.",
    });
    expect(opened(aRollout(crashing))).not.to.have.property("lastWords");
  });

  it("keeps the last words that were read", () => {
    const lastWords = { pod: "checkout-1", container: "app", previous: true, lines: ["no database"] };
    const answers = { podLog: { at: failing.now, value: lastWords } };
    const decision = decide(withAnswers(snapshotOf(failing), answers), failing.now);
    expect(effectsOf(decision, "openIncident")[0]?.spec.lastWords).to.deep.equal(lastWords);
  });
});

function opened(scene: Scene): IncidentSpec | undefined {
  return effectsOf(decide(snapshotOf(scene), scene.now), "openIncident")[0]?.spec;
}

function terminated({ state, last }: ContainerView) {
  const end = state.is === "terminated" ? state : last;
  if (!end) throw new Error("it has not ended");
  return end;
}
