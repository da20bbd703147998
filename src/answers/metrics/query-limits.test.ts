import { expect } from "chai";
import { ManualClock } from "../../kube/testing/manual-clock.ts";
import { QueryLimits } from "./query-limits.ts";
import { SourceError, type SourceFailure } from "./source-error.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Limits whose queries end when the test says so. */
function theLimits(limits: { readonly concurrent: number; readonly perSecond: number }) {
  const clock = new ManualClock();
  const queue = new QueryLimits({ ...limits, clock, notAsked: "the source is down" });
  const sent: { readonly namespace: string; readonly at: number }[] = [];
  const ends: PromiseWithResolvers<string>[] = [];
  const results: string[] = [];
  const ask = (namespace: string) =>
    void queue
      .run(namespace, () => {
        sent.push({ namespace, at: clock.now() });
        const end = Promise.withResolvers<string>();
        ends.push(end);
        return end.promise;
      })
      .then(
        (result) => results.push(result),
        (error: Error) => results.push(error.message),
      );
  /** Lets time pass in steps; queries end at once unless `holds`. */
  const pass = async (ms: number, { failure }: { failure?: SourceFailure } = {}) => {
    await settle();
    for (let passed = 0; passed < ms; passed += 10) {
      clock.advance(10);
      await settle();
      for (const end of ends.splice(0))
        if (failure === undefined) end.resolve("fine");
        else end.reject(new SourceError(failure, failure));
      await settle();
    }
  };
  return { ask, pass, sent, ends, results, clock };
}

describe("QueryLimits", () => {
  it("keeps 500 guards that ask at once to so many a second, and serves all", async () => {
    const { ask, pass, sent, results } = theLimits({ concurrent: 8, perSecond: 20 });
    for (let guard = 0; guard < 500; guard += 1) ask(`ns-${guard}`);
    await pass(26_000);
    expect(results.filter((result) => result === "fine")).to.have.length(500);
    for (const { at } of sent) {
      const within = sent.filter((other) => other.at >= at && other.at < at + 1_000);
      expect(within.length).to.be.at.most(20);
    }
  });

  it("has no more than so many under way", async () => {
    const { ask, sent, ends, clock } = theLimits({ concurrent: 4, perSecond: 1_000 });
    for (let guard = 0; guard < 20; guard += 1) ask(`ns-${guard}`);
    for (let step = 0; step < 10; step += 1) {
      clock.advance(100);
      await settle();
    }
    expect(sent).to.have.length(4);
    ends[0]?.resolve("fine");
    await settle();
    clock.advance(100);
    await settle();
    expect(sent).to.have.length(5);
  });

  it("leaves half of the places to the other namespaces", async () => {
    const { ask, sent, clock } = theLimits({ concurrent: 4, perSecond: 1_000 });
    for (let guard = 0; guard < 20; guard += 1) ask("noisy");
    ask("shop");
    for (let step = 0; step < 10; step += 1) {
      clock.advance(100);
      await settle();
    }
    expect(sent.map(({ namespace }) => namespace)).to.have.members(["noisy", "noisy", "shop"]);
  });

  it("stops asking a source that is gone, and says so to all that wait", async () => {
    const { ask, pass, sent, results } = theLimits({ concurrent: 8, perSecond: 20 });
    for (let guard = 0; guard < 500; guard += 1) ask(`ns-${guard}`);
    await pass(2_000, { failure: "unreachable" });
    expect(sent.length).to.be.at.most(13);
    expect(results).to.have.length(500);
    expect(results.filter((result) => result === "the source is down").length).to.be.at.least(487);
  });

  for (const failure of ["partial", "tooLarge"] as const) {
    it(`keeps asking a source that answers, if only ${failure}`, async () => {
      const { ask, pass, sent } = theLimits({ concurrent: 8, perSecond: 20 });
      for (let guard = 0; guard < 20; guard += 1) ask(`ns-${guard}`);
      await pass(2_000, { failure });
      expect(sent).to.have.length(20);
    });
  }
});
