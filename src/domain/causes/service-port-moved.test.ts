import { expect } from "chai";
import { appWith, readinessProbe } from "../testing/a-template.ts";
import { caseOf, causesIn, refused, unready } from "../testing/expect-cause.ts";
import { changing, warned } from "../testing/facts.ts";
import { servicePortMoved } from "./service-port-moved.ts";

describe("servicePortMoved", () => {
  it("is added when the rollout took away the port to which a Service sends", () => {
    const facts = [
      changing(
        appWith({ ports: [{ port: 9090 }] }),
        readinessProbe({ port: 9090, target: "GET http :9090/healthz" }),
      ),
      unready,
      warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500"),
    ];
    const [first, second] = causesIn({ reason: "NotReady", facts });
    expect(first?.class).to.equal("HealthCheckFails");
    expect(second?.class).to.equal("ServicePortNotServed");
    expect(second?.message).to.contain("Service checkout sends to port 8080").and.contain("9090");
  });

  it("is not given where the failing probe says that the old port was right", () => {
    const facts = [
      changing(
        appWith({ ports: [{ port: 80 }] }),
        readinessProbe({ port: 80, target: "GET http :80/healthz" }),
      ),
      unready,
      refused(80),
    ];
    expect(servicePortMoved.classify(caseOf({ reason: "NotReady", facts }))).to.equal(undefined);
  });
});
