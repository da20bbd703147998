import { expect } from "chai";
import { INSTALL_CRDS } from "../../release.ts";
import { ApiError, ConnectionError } from "../connection/api-error.ts";
import { adviceOn, backOffDelayMs, retryPlanFor } from "./reflector-failure.ts";

const refusal = (status: number, retryAfterMs?: number) => new ApiError("GET /x", status, {}, retryAfterMs);

describe("troubleOf", () => {
  it("backs off with full jitter from 0.8 s to 10 s", () => {
    expect([1, 2, 3, 6, 7, 50].map((failures) => backOffDelayMs(failures, 1))).to.deep.equal([
      800, 1_600, 3_200, 10_000, 10_000, 10_000,
    ]);
    expect(backOffDelayMs(9, 0)).to.equal(0);
  });

  it("lists at once after the first 410 and backs off from further ones", () => {
    expect(retryPlanFor(refusal(410), 1, 0.5)).to.deep.equal({
      reason: "expired",
      delayMs: 0,
      mustList: true,
    });
    expect(retryPlanFor(refusal(410), 2, 0.5).delayMs).to.equal(800);
  });

  it("honours Retry-After of 429 and 503, up to a minute", () => {
    for (const status of [429, 503]) {
      expect(retryPlanFor(refusal(status, 5_000), 1, 0)).to.deep.equal({
        reason: "throttled",
        delayMs: 5_000,
        mustList: false,
      });
      expect(retryPlanFor(refusal(status, 3_600_000), 1, 0).delayMs).to.equal(60_000);
    }
  });

  it("is slow where only a person can mend it", () => {
    expect(retryPlanFor(refusal(403), 1, 0)).to.include({ reason: "refused", delayMs: 20_000 });
    expect(retryPlanFor(refusal(404), 1, 0)).to.include({ reason: "error", delayMs: 20_000 });
  });

  it("suspects the resourceVersion after five failures in a row, but not for an outage", () => {
    expect(retryPlanFor(refusal(500), 4, 0).mustList).to.equal(false);
    expect(retryPlanFor(refusal(500), 5, 0).mustList).to.equal(true);
    expect(retryPlanFor(new TypeError("odd"), 5, 0)).to.include({ reason: "error", mustList: true });
    expect(retryPlanFor(new ConnectionError("GET /x", "down"), 50, 0)).to.include({
      reason: "network",
      mustList: false,
    });
  });

  it("suspects it after five watches too that were accepted and broke", () => {
    const broken = new ConnectionError("watch /x", "broken");
    expect([4, 5].map((watches) => retryPlanFor(broken, 1, 0, watches).mustList)).to.deep.equal([
      false,
      true,
    ]);
  });
});

describe("adviceOn", () => {
  it("says what to do where something can be done", () => {
    const forbidden = new ApiError("GET /x", 403, {
      message:
        'pods is forbidden: User "u" cannot watch resource "pods" in API group "" at the cluster scope',
    });
    expect(adviceOn(forbidden, "pods", undefined)).to.include(
      "no permission to watch pods in the whole cluster",
    );
    expect(adviceOn(refusal(403), "pods", "shop")).to.include(
      "does not allow RolloutGuard to read pods in namespace shop",
    );
    expect(adviceOn(refusal(404), "incidents", "shop")).to.include(INSTALL_CRDS);
    expect(adviceOn(refusal(401), "pods", "shop")).to.include("credentials");
    expect(adviceOn(new Error("x"), "pods", "shop")).to.equal(
      "Reading pods in namespace shop failed; retrying.",
    );
  });
});
