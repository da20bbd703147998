import { expect } from "chai";
import { SettledNews } from "./settled-news.ts";
import { aSight, SECOND } from "./testing/sights.ts";

/** The texts that are told for endpoints counted at these seconds, and when. */
function reported(...counts: readonly (readonly [seconds: number, endpoints: number])[]) {
  const news = new SettledNews("app", aSight(0));
  return counts.flatMap(([seconds, endpoints]) =>
    news.next(aSight(seconds, { endpoints })).map(({ text }) => `${seconds}: ${text}`),
  );
}

describe("SettledNews", () => {
  it("tells a change once it has lasted", () => {
    expect(reported([1, 2], [2, 2], [3, 2])).to.deep.equal(["2: ready endpoints of Service app: 3 → 2"]);
  });

  it("says nothing of endpoints that go and return at once", () => {
    expect(reported([1, 2], [1.5, 3], [4, 3])).to.deep.equal([]);
  });

  it("tells several steps in a row as one", () => {
    expect(reported([1, 2], [1.5, 1], [2, 0], [4, 0])).to.deep.equal([
      "4: ready endpoints of Service app: 3 → 0, no pod receives traffic",
    ]);
  });

  it("goes on from the number that was told last", () => {
    expect(reported([1, 0], [3, 0], [4, 1], [4.5, 3], [7, 3])).to.deep.equal([
      "3: ready endpoints of Service app: 3 → 0, no pod receives traffic",
      "7: ready endpoints of Service app: 0 → 3",
    ]);
  });

  it("tells only the last of pods that start one by one", () => {
    const news = new SettledNews("app", aSight(0, { newest: { ...SECOND, running: 0 } }));
    const running = [1, 2].flatMap((count) =>
      news.next(aSight(count / 10, { newest: { ...SECOND, running: count } })),
    );
    expect(running).to.deep.equal([]);
    expect(news.rest().map(({ text }) => text)).to.deep.equal(["2 pods of app:2 running, none ready"]);
  });

  it("gives out at the end what it still holds, once", () => {
    const news = new SettledNews("app", aSight(0));
    news.next(aSight(1, { endpoints: 2 }));
    expect(news.rest()).to.have.length(1);
    expect(news.rest()).to.deep.equal([]);
  });
});
