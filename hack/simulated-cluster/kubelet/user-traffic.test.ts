import { expect } from "chai";
import { isErrorAt, isUserPath, latencyAt, metricsOf, userTrafficOf } from "./user-traffic.ts";

describe("userTrafficOf", () => {
  it("reads what the variables say, and takes nothing for nothing", () => {
    const env = { LATENCY: "3s-8s", ERROR_RATE: "0.2", ERROR_FOR: "10s", TRAFFIC: "5", BODY: "hello" };
    expect(userTrafficOf(env)).to.deep.equal({
      latencyMs: { from: 3_000, to: 8_000 },
      errorRate: 0.2,
      errorsForMs: 10_000,
      perSecond: 5,
      body: "hello",
    });
    expect(userTrafficOf({ LATENCY: "20ms" }).latencyMs).to.deep.equal({ from: 20, to: 20 });
    expect(userTrafficOf({})).to.deep.include({ latencyMs: { from: 0, to: 0 }, errorRate: 0, perSecond: 0 });
  });
});

describe("a user's request", () => {
  it("is for any path that no probe or scrape usually asks for", () => {
    expect(["/", "/api?x=/metrics", "/healthz/deep"].map(isUserPath)).to.deep.equal([true, true, true]);
    expect(["/healthz", "/readyz", "/livez", "/metrics?a=b"].map(isUserPath)).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
  });

  it("is an error as often as the rate says", () => {
    const traffic = userTrafficOf({ ERROR_RATE: "0.05", ERROR_FOR: "1m" });
    const errors = Array.from({ length: 1_000 }, (_, earlier) => isErrorAt(traffic, earlier, 0)).filter(
      Boolean,
    );
    expect(errors).to.have.length(50);
    expect(isErrorAt(userTrafficOf({ ERROR_RATE: "1", ERROR_FOR: "1m" }), 0, 60_000)).to.equal(false);
  });

  it("takes a time within the range, spread over all of it", () => {
    const traffic = userTrafficOf({ LATENCY: "3s-8s" });
    const times = Array.from({ length: 100 }, (_, earlier) => latencyAt(traffic, earlier));
    expect(Math.min(...times)).to.be.within(3_000, 3_500);
    expect(Math.max(...times)).to.be.within(7_500, 8_000);
  });
});

describe("metricsOf", () => {
  const lines = (env: Record<string, string>, ms: number, status = 200) =>
    metricsOf(userTrafficOf(env), ms, status).split("\n");

  it("count what users asked, by status and by time", () => {
    const text = lines({ TRAFFIC: "10", ERROR_RATE: "0.2", LATENCY: "0s-10s" }, 60_000);
    expect(text).to.include.members([
      'http_requests_total{code="200"} 480',
      'http_requests_total{code="500"} 120',
      'http_request_duration_seconds_bucket{le="1"} 60',
      'http_request_duration_seconds_bucket{le="+Inf"} 600',
      "http_request_duration_seconds_count 600",
    ]);
  });

  it("count errors only as long as there are any", () => {
    const env = { TRAFFIC: "10", ERROR_RATE: "0.5", ERROR_FOR: "10s" };
    expect(lines(env, 60_000)).to.include('http_requests_total{code="500"} 50');
  });

  it("count nothing before it listens, and errors alone where every answer is one", () => {
    expect(lines({ TRAFFIC: "10" }, -5_000)).to.include('http_requests_total{code="200"} 0');
    expect(lines({ TRAFFIC: "10" }, 1_000, 503)).to.include('http_requests_total{code="503"} 10');
  });
});
