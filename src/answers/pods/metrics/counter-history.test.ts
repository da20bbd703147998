import { expect } from "chai";
import { CounterHistory } from "./counter-history.ts";

const counters = (values: Readonly<Record<string, number>>) => new Map(Object.entries(values));

/** Scrapes ten seconds apart, of all requests by their series. */
function totalsOf(scrapes: readonly Readonly<Record<string, number>>[]): CounterHistory {
  const history = new CounterHistory();
  for (const [index, values] of scrapes.entries())
    history.read(counters({}), counters(values), index * 10_000);
  return history;
}

describe("CounterHistory", () => {
  it("knows nothing from one scrape", () => {
    expect(totalsOf([{ ok: 100 }]).since(-1)).to.equal(undefined);
  });

  it("adds up what all series gained", () => {
    expect(
      totalsOf([
        { ok: 100, bad: 3 },
        { ok: 130, bad: 3 },
        { ok: 131, bad: 8 },
      ]).since(-1),
    ).to.deep.equal({ part: 0, total: 36 });
  });

  it("takes a counter that fell for one that began again at zero", () => {
    expect(totalsOf([{ ok: 100 }, { ok: 110 }, { ok: 4 }, { ok: 6 }]).since(-1)).to.include({ total: 16 });
  });

  it("counts the first event of a series that was not there before", () => {
    expect(totalsOf([{ ok: 100 }, { ok: 101, bad: 1 }]).since(-1)).to.include({ total: 2 });
  });

  it("loses nothing while a series is missing from one scrape", () => {
    expect(totalsOf([{ ok: 100 }, { ok: 105 }, {}, { ok: 3 }]).since(-1)).to.include({ total: 8 });
  });

  it("counts what was gained within the window only", () => {
    const history = totalsOf([{ ok: 0 }, { ok: 100 }, { ok: 110 }, { ok: 111 }]);
    expect(history.since(10_000)).to.include({ total: 11 });
    expect(history.since(30_000)).to.equal(undefined);
  });

  it("keeps a bounded number of scrapes", () => {
    const history = totalsOf(Array.from({ length: 1_000 }, (_, index) => ({ ok: index })));
    expect(history.since(-1)).to.include({ total: 64 });
  });
});
