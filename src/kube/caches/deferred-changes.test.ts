import { expect } from "chai";
import { metaOf } from "../objects.ts";
import { ProcessorBudget } from "../processor-budget.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { DeferredChanges, type WatchedChange } from "./deferred-changes.ts";

const COST_MS = 100;

/** Deferred changes that cost so much in the namespace "noisy" and nothing elsewhere. */
function deferring() {
  const clock = new ManualClock();
  const budget = new ProcessorBudget({ share: 0.2, burstMs: 250 });
  const read: string[] = [];
  const parsed: number[] = [];
  const unreadable: string[] = [];
  const changes = new DeferredChanges(
    { budget, clock },
    {
      read: ({ read: parse }) => {
        const { namespace, name, resourceVersion } = metaOf(parse());
        read.push(`${namespace}/${name}@${resourceVersion}`);
        if (namespace === "noisy") clock.use(COST_MS);
        if (name === "broken") throw new Error("no such thing");
      },
      onUnreadable: ({ object, problem }) => void unreadable.push(`${object}: ${problem}`),
    },
  );
  const take = (
    namespace: string,
    name: string,
    version: number,
    { type = "MODIFIED", length = 100 }: Partial<Pick<WatchedChange, "type" | "length">> = {},
  ) =>
    changes.take({
      resource: "pods",
      type,
      namespace,
      name,
      length,
      read: () => {
        parsed.push(version);
        return { metadata: { namespace, name, resourceVersion: String(version) } };
      },
      at: clock.now(),
    });
  return { clock, read, parsed, unreadable, take, changes };
}

describe("deferred changes", () => {
  it("are read at once while the namespace has room", () => {
    const { read, take } = deferring();
    for (let version = 1; version <= 3; version++) take("noisy", "a", version);
    expect(read).to.deep.equal(["noisy/a@1", "noisy/a@2", "noisy/a@3"]);
  });

  it("are read later, each object once and as it is then, where it has none", () => {
    const { clock, read, parsed, take } = deferring();
    for (let version = 1; version <= 50; version++) take("noisy", version % 2 ? "a" : "b", version);
    expect(read).to.have.lengthOf(3);
    clock.advance(5_000);
    expect(read.slice(3)).to.deep.equal(["noisy/b@50", "noisy/a@49"]);
    expect(parsed, "what nobody reads is not parsed either").to.deep.equal([1, 2, 3, 50, 49]);
    expect(clock.pending).to.equal(0);
  });

  it("keep no other namespace waiting", () => {
    const { read, take } = deferring();
    for (let version = 1; version <= 50; version++) take("noisy", "a", version);
    take("shop", "a", 51);
    expect(read.at(-1)).to.equal("shop/a@51");
  });

  it("take no more of the processor than the share of the namespace", () => {
    const { clock, read, take } = deferring();
    for (let tick = 0; tick < 6_000; tick++) {
      take("noisy", `pod-${tick % 20}`, tick);
      clock.advance(10);
    }
    expect((read.length * COST_MS) / 60_000).to.be.within(0.15, 0.25);
  });

  it("are read before a list of the same resource, which must be the last word", () => {
    const { read, take, changes } = deferring();
    for (let version = 1; version <= 10; version++) take("noisy", "a", version);
    take("noisy", "a", 11, { type: "DELETED" });
    changes.flush("services");
    expect(read.at(-1)).to.equal("noisy/a@3");
    changes.flush("pods");
    expect(read.at(-1)).to.equal("noisy/a@11");
  });

  it("that cannot be read are reported, and stop none of the others", () => {
    const { clock, read, unreadable, take } = deferring();
    for (let version = 1; version <= 5; version++) take("noisy", "a", version);
    take("noisy", "broken", 6);
    take("noisy", "z", 7);
    clock.advance(5_000);
    expect(read.at(-1)).to.equal("noisy/z@7");
    expect(unreadable).to.deep.equal(["noisy/broken: It could not be read and is ignored: no such thing"]);
  });

  it("are bounded: beyond that the oldest is read all the same", () => {
    const { read, take } = deferring();
    for (let index = 0; index < 500; index++) take("noisy", `pod-${index}`, index);
    expect(read.length).to.be.within(300, 304);
  });

  it("are bounded in size too", () => {
    const { read, take } = deferring();
    for (let index = 0; index < 103; index++) take("noisy", `pod-${index}`, index, { length: 1_000_000 });
    expect(read.length).to.be.within(95, 99);
  });
});
