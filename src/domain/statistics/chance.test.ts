import { expect } from "chai";
import fc from "fast-check";
import { propertyRuns } from "../testing/property-runs.ts";
import { approximate, chanceOfMore, exact } from "./chance.ts";
import { complementaryError, lnChoose, lnGamma } from "./special-functions.ts";

const of = (bad: number, total: number) => ({ bad, total });

describe("special functions", () => {
  for (const [x, gamma] of [
    [1, 1],
    [2, 1],
    [5, 24],
    [11, 3_628_800],
  ] as const) {
    it(`lnGamma(${x}) is the logarithm of ${gamma}`, () => {
      expect(lnGamma(x)).to.be.closeTo(Math.log(gamma), 1e-12);
    });
  }

  it("lnChoose counts poker hands, and knows what cannot be chosen", () => {
    expect(Math.exp(lnChoose(52, 5))).to.be.closeTo(2_598_960, 1e-3);
    expect([lnChoose(5, 6), lnChoose(5, -1)]).to.deep.equal([-Infinity, -Infinity]);
  });

  for (const [x, value] of [
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
    [-1, 1.8427007929497148],
  ] as const) {
    it(`complementaryError(${x}) is what tables say`, () => {
      expect(Math.abs(complementaryError(x) / value - 1)).to.be.below(2e-7);
    });
  }
});

describe("the chance of more bad ones", () => {
  for (const [one, other, chance] of [
    // Fisher's lady tasting tea, The Design of Experiments (1935): 17 of 70 for three right of four, 1 of 70 for four.
    [of(3, 4), of(1, 4), 17 / 70],
    [of(4, 4), of(0, 4), 1 / 70],
    // Two-by-two tables that can be counted by hand.
    [of(2, 2), of(0, 3), 1 / 10],
    [of(1, 1), of(0, 9), 1 / 10],
    [of(5, 5), of(0, 5), 1 / 252],
  ] as const) {
    it(`is ${chance.toPrecision(3)} for ${one.bad} of ${one.total} against ${other.bad} of ${other.total}`, () => {
      expect(chanceOfMore(one, other)).to.be.closeTo(chance, 1e-12);
    });
  }

  it("is 1 where there is nothing bad, or nothing at all", () => {
    expect([chanceOfMore(of(0, 10), of(5, 10)), chanceOfMore(of(0, 0), of(0, 0))]).to.deep.equal([1, 1]);
    expect(approximate(of(5, 5), of(9, 9))).to.equal(1);
  });

  it("is below 1 in 1000 from as many requests on as were calculated beforehand", () => {
    const first = (share: number, otherBad: number, otherTotal: number) => {
      for (let total = 1; ; total += 1) {
        const bad = Math.round(total * share);
        if (bad >= 5 && chanceOfMore(of(bad, total), of(otherBad, otherTotal)) < 0.001) return total;
      }
    };
    expect(first(1, 0, 1_000)).to.equal(5);
    expect(first(0.2, 5, 1_000)).to.be.within(12, 25);
    expect(first(0.05, 5, 1_000)).to.be.within(60, 110);
  });

  it("is the same by both tests where there are many requests", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: 60_000 }),
        fc.integer({ min: 20_000, max: 60_000 }),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.double({ min: -2, max: 4, noNaN: true }),
        (oneTotal, otherTotal, share, deviations) => {
          const spread = Math.sqrt(share * (1 - share) * (1 / oneTotal + 1 / otherTotal));
          const one = of(Math.round(oneTotal * (share + deviations * spread)), oneTotal);
          const other = of(Math.round(otherTotal * share), otherTotal);
          fc.pre(one.bad > 0 && one.bad <= one.total);
          const [byFisher, byNormal] = [exact(one, other), approximate(one, other)];
          expect(Math.abs(Math.log(byFisher / byNormal))).to.be.below(0.5);
        },
      ),
      propertyRuns(50),
    );
  });

  it("falls with each further bad one, and is always a probability", () => {
    const counts = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(counts, counts, fc.nat(400), fc.nat(400), (oneTotal, otherTotal, bad, otherBad) => {
        const other = of(Math.min(otherBad, otherTotal), otherTotal);
        const [less, more] = [Math.min(bad, oneTotal - 1), Math.min(bad, oneTotal - 1) + 1];
        const [before, after] = [
          chanceOfMore(of(less, oneTotal), other),
          chanceOfMore(of(more, oneTotal), other),
        ];
        expect(after).to.be.within(0, before + 1e-9);
        expect(before).to.be.at.most(1);
      }),
      propertyRuns(200),
    );
  });
});
