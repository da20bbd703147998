import { expect } from "chai";
import { planScene, podsBesideGuards } from "./scene-plan.ts";

describe("planScene", () => {
  it("places all Deployments under names of their own", () => {
    const places = planScene({ guards: 50, unguarded: 30, pods: 10 });
    expect(places.filter(({ isGuarded }) => isGuarded)).to.have.lengthOf(50);
    expect(new Set(places.map(({ namespace, name }) => `${namespace}/${name}`)).size).to.equal(80);
  });

  it("puts two unguarded ones into each namespace with guards and the rest where no guard is", () => {
    const places = planScene({ guards: 50, unguarded: 30, pods: 10 });
    expect(podsBesideGuards(places, 10)).to.equal((30 - 3 * 2) * 10);
  });

  it("keeps all unguarded ones away from guards when there are to be no neighbours", () => {
    const places = planScene({ guards: 50, unguarded: 30, pods: 10, neighbours: 0 });
    expect(podsBesideGuards(places, 10)).to.equal(300);
  });
});
