import { expect } from "chai";
import { CircuitBreaker } from "./circuit-breaker.ts";

/** A breaker, and a clock of its own. */
function aBreaker() {
  const breaker = new CircuitBreaker();
  let now = 1_000_000;
  const fail = ({ namespace = "shop", canBeTheQuery = false } = {}) =>
    breaker.failed({ at: now, namespace, canBeTheQuery });
  return {
    breaker,
    fail,
    failTimes: (times: number, how?: Parameters<typeof fail>[0]) => {
      for (let time = 0; time < times; time += 1) if (breaker.enter(now)) fail(how);
    },
    pass: (ms: number) => {
      now += ms;
    },
    canEnter: () => breaker.enter(now),
  };
}

describe("CircuitBreaker", () => {
  it("lets queries through until five in a row have failed", () => {
    const { breaker, failTimes, canEnter } = aBreaker();
    failTimes(4);
    expect(canEnter()).to.equal(true);
    breaker.answered();
    failTimes(4);
    expect(canEnter()).to.equal(true);
    failTimes(1);
    expect(canEnter()).to.equal(false);
  });

  it("lets one query try after 30 seconds, and opens for longer and longer, up to 5 minutes", () => {
    const { fail, failTimes, pass, canEnter } = aBreaker();
    failTimes(5);
    for (const pauseMs of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      pass(pauseMs - 1);
      expect(canEnter(), `before ${pauseMs} ms`).to.equal(false);
      pass(1);
      expect(canEnter(), `after ${pauseMs} ms`).to.equal(true);
      expect(canEnter(), "a second one").to.equal(false);
      fail();
    }
  });

  it("forgets everything when the source answers", () => {
    const { breaker, failTimes, pass, canEnter } = aBreaker();
    failTimes(5);
    pass(30_000);
    expect(canEnter()).to.equal(true);
    breaker.answered();
    expect([canEnter(), canEnter()]).to.deep.equal([true, true]);
    failTimes(5);
    pass(30_000);
    expect(canEnter(), "the pause begins again at 30 seconds").to.equal(true);
  });

  it("is not opened further by queries that were under way", () => {
    const { fail, failTimes, pass, canEnter } = aBreaker();
    failTimes(5);
    for (let query = 0; query < 8; query += 1) fail();
    pass(30_000);
    expect(canEnter()).to.equal(true);
  });

  it("lets no namespace close a source for the others with queries that are too heavy", () => {
    const { failTimes, canEnter } = aBreaker();
    failTimes(50, { canBeTheQuery: true });
    expect(canEnter()).to.equal(true);
    failTimes(1, { canBeTheQuery: true, namespace: "payments" });
    expect(canEnter()).to.equal(false);
  });
});
