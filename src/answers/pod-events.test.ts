import { expect } from "chai";
import type { PodEventsQuestion } from "../domain/snapshot/question.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { Caches } from "../kube/caches/caches.ts";
import type { Query } from "../kube/connection/api-client.ts";
import { ApiError } from "../kube/connection/api-error.ts";
import type { RawObject } from "../kube/objects.ts";
import { rawDeployment, rawEvent, rawReplicaSet, rawTemplate } from "../kube/testing/raw-objects.ts";
import { createLiveAnswers } from "./live-answers.ts";

const QUESTION: PodEventsQuestion = {
  ask: "podEvents",
  key: "podEvents",
  for: "decide",
  maxAgeMs: 15_000,
  pods: [
    { name: "checkout-1", uid: "uid-1" },
    { name: "checkout-2", uid: "uid-2" },
  ],
};

/** The answer when the API server answers so, and what it was asked. */
function asking(answer: (query: Query) => RawObject, caches = new Caches()) {
  const asked: { readonly path: string; readonly query: Query }[] = [];
  const problems: unknown[] = [];
  const port = createLiveAnswers({
    client: {
      get: async (path, query = {}) => {
        asked.push({ path, query });
        return answer(query);
      },
      getText: () => Promise.reject(new Error("not expected")),
    },
    caches,
    onUnavailable: ({ ask }, error) => problems.push([ask, error]),
  });
  return { asked, problems, answer: (snapshot = SNAPSHOT) => port.answer(QUESTION, snapshot) };
}

const SNAPSHOT = snapshotOf(aRollout());
const scaleUp = (uid: string, message: string) => ({
  ...rawEvent(`e-${uid}`, "Pod", uid),
  type: "Normal",
  reason: "TriggeredScaleUp",
  message,
});

describe("podEvents", () => {
  it("asks for the Normal Events of each pod by its uid, a request each", async () => {
    const { asked, answer } = asking(({ fieldSelector }) => ({
      items: [scaleUp(String(fieldSelector).includes("uid-1") ? "uid-1" : "uid-2", "pod triggered scale-up")],
    }));
    expect(await answer()).to.have.length(2);
    expect(asked.map(({ path }) => path)).to.deep.equal(Array(2).fill("/api/v1/namespaces/shop/events"));
    expect(asked.map(({ query }) => query.fieldSelector)).to.deep.equal([
      "involvedObject.uid=uid-1,type=Normal",
      "involvedObject.uid=uid-2,type=Normal",
    ]);
  });

  it("hides the values that the pods are given", async () => {
    const caches = new Caches();
    const template = rawTemplate("checkout", "shop/app:2");
    const env = [{ name: "PIN", value: "open sesame 7" }];
    const secretive = {
      ...template,
      spec: { containers: [{ name: "app", image: "shop/app:2", env }] },
    };
    caches.apply("deployments", "ADDED", rawDeployment("checkout"), 0);
    caches.apply(
      "replicasets",
      "ADDED",
      rawReplicaSet("checkout", "aaaa", { spec: { template: secretive } }),
      0,
    );
    const { answer } = asking(() => ({ items: [scaleUp("uid-1", "for open sesame 7")] }), caches);
    const workload = SNAPSHOT.workload && { ...SNAPSHOT.workload, uid: "uid-checkout" };
    expect(await answer({ ...SNAPSHOT, workload })).to.have.nested.property("[0].message", "for ***");
  });

  it("says that there is no answer when Events cannot be read", async () => {
    const refusal = new ApiError("GET /events", 403, { reason: "Forbidden" });
    const { answer, problems } = asking(() => {
      throw refusal;
    });
    expect(await answer().catch((error: unknown) => error)).to.equal(refusal);
    expect(problems).to.deep.equal([["podEvents", refusal]]);
  });
});
