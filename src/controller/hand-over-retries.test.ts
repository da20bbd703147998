import { expect } from "chai";
import { ApiError, ConflictError, ConnectionError } from "../kube/connection/api-error.ts";
import { OwnersRestoredError } from "../kube/writes/hand-over-fields.ts";
import { HandOverRetries } from "./hand-over-retries.ts";

const KEY = "shop/checkout/Deployment/checkout";

const refused = new ApiError("PATCH /deployments/checkout", 403, "denied by policy");

describe("HandOverRetries", () => {
  for (const [title, error, pauseMs] of [
    ["a second when the workload was changed at the same moment", new ConflictError("changed"), 1_000],
    ["ten seconds when the API server could not be reached", new ConnectionError("PATCH", "reset"), 10_000],
    ["ten seconds when it was overloaded", new ApiError("PATCH /deployments/checkout", 429, ""), 10_000],
    ["ten seconds when it failed", new ApiError("PATCH /deployments/checkout", 503, ""), 10_000],
    ["ten minutes when it was refused", refused, 600_000],
    ["ten minutes when it was accepted and undone", new OwnersRestoredError(), 600_000],
  ] as const) {
    it(`wait ${title}`, () => {
      const retries = new HandOverRetries();
      expect(retries.failed(KEY, error, 5_000)).to.equal(5_000 + pauseMs);
      expect(retries.pausedUntil(KEY, 5_000 + pauseMs - 1)).to.equal(5_000 + pauseMs);
      expect(retries.pausedUntil(KEY, 5_000 + pauseMs)).to.equal(undefined);
    });
  }

  it("are of one guard each, and end with a success", () => {
    const retries = new HandOverRetries();
    retries.failed(KEY, refused, 0);
    expect(retries.pausedUntil("shop/cart/Deployment/cart", 1)).to.equal(undefined);
    retries.forget(KEY);
    expect(retries.pausedUntil(KEY, 1)).to.equal(undefined);
  });
});
