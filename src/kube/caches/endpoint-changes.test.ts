import { expect } from "chai";
import { reconcileKey } from "../reconcile-key.ts";
import { EndpointChanges } from "./endpoint-changes.ts";

const KEY = reconcileKey("shop", "checkout", { kind: "Deployment", name: "checkout" });
const OTHER = reconcileKey("shop", "payment", { kind: "Deployment", name: "payment" });

/** The history after these numbers, at these instants. */
function historyOf(...notes: readonly (readonly [at: number, ready: number])[]) {
  const changes = new EndpointChanges();
  const histories = notes.map(([at, ready]) => changes.note(KEY, "web", ready, at));
  const history = histories.at(-1);
  return (
    history && { numbers: history.changes.map(({ at, ready }) => [at, ready]), sawLoss: history.sawLoss }
  );
}

describe("how many endpoints a Service had lately", () => {
  it("is each number and since when it was so", () => {
    expect(historyOf([10, 3], [20, 2], [30, 3])?.numbers).to.deep.equal([
      [10, 3],
      [20, 2],
      [30, 3],
    ]);
  });

  it("does not change with a look that finds the same number", () => {
    expect(historyOf([10, 3], [20, 3], [30, 3])?.numbers).to.deep.equal([[10, 3]]);
  });

  it("is one change for what comes at one instant, whatever its order, and none when nothing is left of it", () => {
    expect(historyOf([10, 0], [10, 2], [10, 3])?.numbers).to.deep.equal([[10, 3]]);
    expect(historyOf([10, 3], [20, 1], [20, 3])?.numbers).to.deep.equal([[10, 3]]);
  });

  it("keeps the newest of very many changes", () => {
    const notes = Array.from({ length: 100 }, (_, at) => [at, at % 2] as const);
    const numbers = historyOf(...notes)?.numbers ?? [];
    expect(numbers).to.have.length(40);
    expect(numbers.at(-1)).to.deep.equal([99, 1]);
  });
});

describe("whether the last endpoint was seen to go", () => {
  it("is so when there was one before, and stays so while none comes", () => {
    expect(historyOf([10, 3], [20, 0])?.sawLoss).to.equal(true);
    expect(historyOf([10, 3], [20, 1], [30, 0])?.sawLoss).to.equal(true);
  });

  it("is not so of a Service that was first seen without any, nor when one has come back", () => {
    expect(historyOf([10, 0])?.sawLoss).to.equal(false);
    expect(historyOf([10, 3], [20, 0], [30, 1])?.sawLoss).to.equal(false);
  });
});

describe("what is remembered of Services", () => {
  it("belongs to one guard and one Service each", () => {
    const changes = new EndpointChanges();
    changes.note(KEY, "web", 3, 10);
    expect(changes.note(OTHER, "web", 1, 20).changes).to.have.length(1);
    expect(changes.note(KEY, "metrics", 1, 20).changes).to.have.length(1);
    expect(changes.note(KEY, "web", 1, 20).changes).to.have.length(2);
  });

  it("goes with the Service, or with the guard", () => {
    const changes = new EndpointChanges();
    for (const service of ["web", "metrics"]) changes.note(KEY, service, 3, 10);
    changes.forget(KEY, "web");
    expect(changes.note(KEY, "web", 0, 20)).to.deep.equal({
      changes: [{ at: 20, ready: 0 }],
      sawLoss: false,
    });
    expect(changes.note(KEY, "metrics", 0, 20).sawLoss).to.equal(true);
    changes.forget(KEY);
    expect(changes.note(KEY, "metrics", 0, 30).sawLoss).to.equal(false);
  });
});
