import { expect } from "chai";
import { boundedByNamespace } from "./exposed-metrics.ts";

describe("series of metrics", () => {
  it("are at most two hundred a namespace, and no namespace loses one by another", () => {
    const of = (namespace: string, count: number) =>
      Array.from({ length: count }, (_, index) => [{ namespace, service: `s-${index}` }, index] as const);
    const bounded = boundedByNamespace([...of("noisy", 5_000), ...of("shop", 3)]);
    expect(bounded).to.deep.equal([...of("noisy", 200), ...of("shop", 3)]);
  });
});
