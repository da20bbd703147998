import { expect } from "chai";
import type { Access } from "../kube/access-reviews.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { MetricsReaders } from "./metrics-readers.ts";

/** Readers of a cluster that says so of each token; "reader" is allowed at first. */
function aCluster() {
  const clock = new ManualClock();
  const asked: string[] = [];
  const problems: unknown[] = [];
  const says = new Map<string, Access | Error>([["reader", "allowed"]]);
  const readers = new MetricsReaders({
    clock,
    onProblem: (error) => problems.push(error),
    review: async (token) => {
      asked.push(token);
      const access = says.get(token) ?? "unauthenticated";
      if (access instanceof Error) throw access;
      return access;
    },
  });
  return { clock, asked, problems, says, readers };
}

describe("MetricsReaders", () => {
  it("ask the cluster once a minute about a reader", async () => {
    const { clock, asked, readers } = aCluster();
    expect(await readers.verdictOn("reader")).to.equal("allowed");
    clock.advance(59_999);
    expect(await readers.verdictOn("reader")).to.equal("allowed");
    expect(asked).to.have.lengthOf(1);
    clock.advance(1);
    expect(await readers.verdictOn("reader")).to.equal("allowed");
    expect(asked).to.have.lengthOf(2);
  });

  it("notice after a minute that a right was taken away, and after ten seconds that it was given", async () => {
    const { clock, says, readers } = aCluster();
    await readers.verdictOn("reader");
    says.set("reader", "forbidden");
    clock.advance(60_000);
    expect(await readers.verdictOn("reader")).to.equal("forbidden");
    says.set("reader", "allowed");
    clock.advance(9_999);
    expect(await readers.verdictOn("reader")).to.equal("forbidden");
    clock.advance(1);
    expect(await readers.verdictOn("reader")).to.equal("allowed");
  });

  it("ask once for requests that come at the same time", async () => {
    const { asked, readers } = aCluster();
    const verdicts = await Promise.all([1, 2, 3].map(() => readers.verdictOn("reader")));
    expect(verdicts).to.deep.equal(["allowed", "allowed", "allowed"]);
    expect(asked).to.have.lengthOf(1);
  });

  it("ask about at most ten unknown tokens a second, and about a known reader all the same", async () => {
    const { clock, asked, readers } = aCluster();
    await readers.verdictOn("reader");
    clock.advance(60_000);
    const flood = Array.from({ length: 500 }, (_, index) => readers.verdictOn(`unknown-${index}`));
    const verdicts = await Promise.all(flood);
    expect(verdicts.filter((verdict) => verdict === "busy")).to.have.lengthOf(490);
    expect(await readers.verdictOn("reader")).to.equal("allowed");
    expect(asked).to.have.lengthOf(1 + 10 + 1);
    clock.advance(1_000);
    expect(await readers.verdictOn("unknown-499")).to.equal("unauthenticated");
  });

  it("are not pushed out by tokens that are refused", async () => {
    const { clock, asked, readers } = aCluster();
    await readers.verdictOn("reader");
    for (let second = 0; second < 30; second++) {
      clock.advance(1_000);
      await Promise.all(Array.from({ length: 10 }, (_, index) => readers.verdictOn(`${second}-${index}`)));
    }
    await readers.verdictOn("reader");
    expect(asked.filter((token) => token === "reader")).to.have.lengthOf(1);
  });

  it("let nobody in while the cluster cannot be asked, and ask again at the next request", async () => {
    const { asked, problems, says, readers } = aCluster();
    const lost = new Error("connection refused");
    says.set("reader", lost);
    expect(await readers.verdictOn("reader")).to.equal("busy");
    expect(problems).to.deep.equal([lost]);
    says.set("reader", "allowed");
    expect(await readers.verdictOn("reader")).to.equal("allowed");
    expect(asked).to.have.lengthOf(2);
  });
});
