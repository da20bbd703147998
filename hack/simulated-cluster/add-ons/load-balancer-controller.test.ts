import { expect } from "chai";
import type { Pod } from "../api-server/kinds.ts";
import { podCondition } from "../controllers/pod-readiness.ts";
import { exampleDeployment } from "../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../simulated-cluster.ts";
import { passTime, waitUntil } from "../wait-until.ts";
import { type LoadBalancer, startLoadBalancerController } from "./load-balancer-controller.ts";

const NAMESPACE = "shop";
const GATE = "target-health.elbv2.k8s.aws/k8s-shop-web-0a1b2c3d4e";
const MISMATCH = {
  status: "False",
  reason: "Target.ResponseCodeMismatch",
  message: "Health checks failed with these codes: [404]",
} as const;

describe("a load balancer controller", () => {
  let cluster: SimulatedCluster;
  let balancer: LoadBalancer;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 23 });
    balancer = startLoadBalancerController(cluster, {
      namespace: NAMESPACE,
      selector: { app: "web" },
      gate: GATE,
      healthyAfterMs: 20_000,
    });
  });

  afterEach(() => cluster.stop());

  const pods = () => cluster.store.list("pods", NAMESPACE);
  const ready = (pod: Pod) => podCondition(pod, "Ready");
  const allReady = () => pods().length === 3 && pods().every((pod) => ready(pod)?.status === "True");

  it("injects its gate into pods, not into the template, and opens it when the target is healthy", async () => {
    const begin = cluster.now();
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "containers are ready", () =>
      pods().some((pod) => ready(pod)?.reason === "ReadinessGatesNotReady"),
    );
    const [pod] = pods().filter((each) => ready(each)?.reason === "ReadinessGatesNotReady");
    expect(pod?.spec.readinessGates).to.deep.equal([{ conditionType: GATE }]);
    expect(pod && ready(pod)?.message).to.equal(
      `corresponding condition of pod readiness gate "${GATE}" does not exist.`,
    );
    await waitUntil(cluster, "health checks", () =>
      pods().some((each) => podCondition(each, GATE)?.reason === "Elb.InitialHealthChecking"),
    );
    await waitUntil(cluster, "all are ready", allReady);
    expect(cluster.now() - begin).to.be.at.least(20_000);
    const [condition] = pods().map((each) => podCondition(each, GATE));
    expect(condition).to.include({ status: "True" });
    expect(condition).to.not.have.property("reason");
    const template = cluster.store.get("deployments", NAMESPACE, "web")?.spec.template;
    expect(template?.spec.readinessGates).to.equal(undefined);
  });

  it("closes the gate of targets that it calls unhealthy later, and opens it again", async () => {
    cluster.store.apply(exampleDeployment());
    await waitUntil(cluster, "all are ready", allReady);
    const [sick] = pods();
    balancer.judge((pod) => (pod.metadata.name === sick?.metadata.name ? MISMATCH : undefined));
    await waitUntil(cluster, "one is not ready", () => !allReady());
    const now = pods().find(({ metadata }) => metadata.name === sick?.metadata.name);
    expect(now && podCondition(now, GATE)).to.include(MISMATCH);
    expect(now && ready(now)).to.include({
      reason: "ReadinessGatesNotReady",
      message: `the status of pod readiness gate "${GATE}" is not "True", but False`,
    });
    expect(now && podCondition(now, "ContainersReady")?.status).to.equal("True");
    expect(pods().filter((pod) => ready(pod)?.status === "True")).to.have.length(2);
    balancer.judge(undefined);
    await waitUntil(cluster, "all are ready again", allReady);
  });

  it("leaves the gates without a condition while it is away", async () => {
    balancer.setAway(true);
    cluster.store.apply(exampleDeployment());
    await passTime(cluster, 120_000);
    expect(pods().map((pod) => podCondition(pod, GATE))).to.deep.equal([undefined, undefined, undefined]);
    balancer.setAway(false);
    await waitUntil(cluster, "all are ready", allReady);
  });
});
