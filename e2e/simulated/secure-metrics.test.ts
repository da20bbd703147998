// Metrics over TLS: only for accounts that the cluster allows to read them.
import { expect } from "chai";
import type { Operator } from "../testing/operator.ts";
import { readSecurely } from "../testing/secure-metrics.ts";
import { startWorld, type World } from "../testing/world.ts";

const REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

describe("the operator's metrics over TLS", () => {
  let world: World;
  let operator: Operator;
  let isAllowed: boolean;
  let metrics: string;

  before(async () => {
    world = await startWorld();
    world.cluster.onRequest(({ path }) =>
      path === REVIEWS ? { answer: { code: 201, body: { status: { allowed: isAllowed } } } } : undefined,
    );
    operator = await world.startOperator({ metricsSecureAddress: { host: "127.0.0.1", port: 0 } });
    metrics = `${operator.secureUrl()}/metrics`;
  });

  after(() => world.stop());

  it("are read by an account that the cluster allows", async () => {
    isAllowed = true;
    const { status, body } = await readSecurely(metrics, "prometheus");
    expect(status).to.equal(200);
    expect(body).to.contain("rolloutguard_build_info");
  });

  it("are not read by another one, or without a token", async () => {
    isAllowed = false;
    expect((await readSecurely(metrics, "somebody")).status).to.equal(403);
    expect((await readSecurely(metrics)).status).to.equal(401);
  });

  it("are not in plain text any more, where health still is", async () => {
    expect((await fetch(`${operator.url()}/metrics`)).status).to.equal(404);
    expect((await fetch(`${operator.url()}/readyz`)).status).to.equal(200);
    expect((await readSecurely(`${operator.secureUrl()}/readyz`)).status).to.equal(404);
  });

  it("are read by nobody new while the cluster cannot be asked", async () => {
    const fault = world.cluster.faults.add({
      on: { resource: "tokenreviews" },
      does: { answer: { code: 503 } },
    });
    expect((await readSecurely(metrics, "another")).status).to.equal(503);
    expect((await readSecurely(metrics, "prometheus")).status).to.equal(200);
    fault.end();
  });
});
