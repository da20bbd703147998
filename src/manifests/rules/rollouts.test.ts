import { expect } from "chai";
import { deploymentText, documents, findingsIn } from "../testing/lint-text.ts";
import { objectText } from "../testing/object-text.ts";

describe("rule disruption-budget", () => {
  const budget = (spec: string, name = "b") =>
    objectText("policy/v1", "PodDisruptionBudget", name, `{selector: {matchLabels: {app: web}}, ${spec}}`);
  const web = (replicas: number) => deploymentText({ spec: [`replicas: ${replicas}`] });
  const found = (...texts: readonly string[]) => findingsIn(documents(...texts), "disruption-budget");

  it("warns when every replica must stay, however it is written", () => {
    for (const spec of ["minAvailable: 3", "minAvailable: 100%", "minAvailable: 80%", "maxUnavailable: 0"]) {
      expect(found(budget(spec), web(3)), spec).to.have.length(1);
    }
    expect(found(budget("maxUnavailable: 0%"))).to.have.length(1);
  });

  it("counts the fewest replicas that an autoscaler keeps", () => {
    const scaler = objectText(
      "autoscaling/v2",
      "HorizontalPodAutoscaler",
      "h",
      "{minReplicas: 2, scaleTargetRef: {kind: Deployment, name: web}}",
    );
    expect(found(budget("minAvailable: 2"), web(5), scaler)).to.have.length(1);
    expect(found(budget("minAvailable: 2"), web(5))).to.deep.equal([]);
  });

  it("is content when one can go, and warns of two budgets for the same pods", () => {
    for (const spec of ["minAvailable: 2", "minAvailable: 50%", "maxUnavailable: 1"]) {
      expect(found(budget(spec), web(3)), spec).to.deep.equal([]);
    }
    const [both] = found(budget("maxUnavailable: 1"), budget("maxUnavailable: 1", "c"), web(3));
    expect(both?.message).to.include("both select the pods of Deployment web");
  });
});

describe("rule grace-period", () => {
  const found = (preStop: string, ...pod: readonly string[]) =>
    findingsIn(deploymentText({ container: [`lifecycle: {preStop: ${preStop}}`], pod }), "grace-period");

  it("warns of a sleep that takes all the time, in a shell, as a command and as a hook", () => {
    for (const hook of [
      '{exec: {command: [sh, -c, "nginx -s quit; sleep 30"]}}',
      "{exec: {command: [sleep, '45']}}",
      '{exec: {command: [/bin/sleep, "1m"]}}',
      "{sleep: {seconds: 40}}",
    ]) {
      expect(found(hook), hook).to.have.length(1);
    }
    expect(found("{sleep: {seconds: 10}}", "terminationGracePeriodSeconds: 10")).to.have.length(1);
  });

  it("is content with a shorter sleep, and with commands whose time nobody knows", () => {
    expect(found("{exec: {command: [sleep, '10']}}")).to.deep.equal([]);
    expect(found("{exec: {command: [drain.sh, --no-sleep 90]}}")).to.deep.equal([]);
    expect(found("{sleep: {seconds: 40}}", "terminationGracePeriodSeconds: 60")).to.deep.equal([]);
  });
});

describe("rule progress-deadline", () => {
  const found = (deadline: number, ...container: readonly string[]) =>
    findingsIn(
      deploymentText({ spec: [`progressDeadlineSeconds: ${deadline}`], container }),
      "progress-deadline",
    );
  const startup = "startupProbe: {tcpSocket: {port: 80}, periodSeconds: 10, failureThreshold: 30}";

  it("warns when probes allow a start more time than the deadline does", () => {
    expect(found(120, startup)[0]?.message).to.include("allow a start 300 s");
    expect(found(60, "readinessProbe: {tcpSocket: {port: 80}, initialDelaySeconds: 90}")).to.have.length(1);
    expect(found(600, startup)).to.deep.equal([]);
  });
});

describe("rule node-selector", () => {
  const found = (...pod: readonly string[]) => findingsIn(deploymentText({ pod }), "node-selector");

  it("warns of values that no node has, of mistyped labels, and of labels that are gone", () => {
    const fixes = [
      ["nodeSelector: {kubernetes.io/arch: aarch64}", "`kubernetes.io/arch: arm64`"],
      ["nodeSelector: {kubernetes.io/os: Linux}", "`kubernetes.io/os: linux`"],
      ["nodeSelector: {topology.kubernetes.io/zones: a}", "`topology.kubernetes.io/zone`"],
      ['nodeSelector: {node-role.kubernetes.io/master: ""}', "`node-role.kubernetes.io/control-plane`"],
      [
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/arch, operator: In, values: [x86_64]}]}]}}}",
        "`kubernetes.io/arch: amd64`",
      ],
    ];
    for (const [pod = "", fix = ""] of fixes) expect(found(pod)[0]?.fix, pod).to.include(fix);
  });

  it("is content with what nodes have, and with labels of one's own", () => {
    for (const labels of [
      "{kubernetes.io/os: linux, kubernetes.io/arch: arm64}",
      "{example.com/zone: a, disktype: ssd}",
      "{topology.kubernetes.io/zone: eu-1a, node.kubernetes.io/instance-type: m5}",
      "{cloud.google.com/gke-nodepool: a, eks.amazonaws.com/nodegroup: b, agentpool: c}",
    ]) {
      expect(found(`nodeSelector: ${labels}`), labels).to.deep.equal([]);
    }
  });
});

describe("rule oversized-request", () => {
  const found = (resources: string) =>
    findingsIn(deploymentText({ container: [`resources: ${resources}`] }), "oversized-request");

  it("warns of a missing m, of memory in thousandths of bytes and of memory without a unit", () => {
    expect(found("{requests: {cpu: 250}}")[0]?.fix).to.include("`cpu: 250m`");
    expect(found("{requests: {memory: 2Ti}}")).to.have.length(1);
    expect(found("{limits: {memory: 512m}}")[0]?.fix).to.include("`memory: 512Mi`");
    expect(found("{limits: {memory: 512}}")).to.have.length(1);
  });

  it("is content with what nodes have, and with more where a GPU is asked for", () => {
    expect(found('{requests: {cpu: "16", memory: 64Gi}}')).to.deep.equal([]);
    expect(found("{requests: {cpu: 96}, limits: {nvidia.com/gpu: 8}}")).to.deep.equal([]);
  });
});

describe("rule resource-quota", () => {
  const quota = (hard: string) => objectText("v1", "ResourceQuota", "q", `{hard: ${hard}}`);
  const range = objectText("v1", "LimitRange", "r", "{limits: [{type: Container, default: {cpu: 1}}]}");
  const web = (resources: string, replicas = 2) =>
    deploymentText({ spec: [`replicas: ${replicas}`], container: [`resources: ${resources}`] });
  const found = (...texts: readonly string[]) => findingsIn(documents(...texts), "resource-quota");

  it("warns where a quota counts what containers do not write, unless a LimitRange gives it", () => {
    expect(found(quota('{limits.cpu: "10"}'), web("{requests: {cpu: 1}}"))[0]?.message).to.include(
      "refuses its pods",
    );
    expect(found(quota('{requests.memory: "10Gi"}'), web("{}"))).to.have.length(1);
    expect(found(quota('{cpu: "10"}'), web("{limits: {cpu: 1}}"))).to.deep.equal([]);
    expect(found(quota('{limits.cpu: "10"}'), web("{}"), range)).to.deep.equal([]);
  });

  it("warns where there is no room for the surge of a rollout, or not even for the replicas", () => {
    const resources = "{requests: {cpu: 500m}}";
    expect(found(quota('{requests.cpu: "1"}'), web(resources))[0]?.message).to.include(
      "a rollout of Deployment web 0.5 more",
    );
    for (const count of ["{pods: 2}", '{count/pods: "2"}']) {
      expect(found(quota(count), web(resources)), count).to.have.length(1);
    }
    expect(found(quota('{requests.cpu: "1"}'), web(resources, 3))[0]?.message).to.include(
      "some pods are refused",
    );
    expect(found(quota('{requests.cpu: "2"}'), web(resources))).to.deep.equal([]);
  });
});

describe("rule limit-range", () => {
  const range = objectText(
    "v1",
    "LimitRange",
    "r",
    "{limits: [{type: Container, max: {memory: 1Gi}, min: {cpu: 100m}}]}",
  );
  const found = (resources: string) =>
    findingsIn(documents(deploymentText({ container: [`resources: ${resources}`] }), range), "limit-range");

  it("finds what is above the maximum and below the minimum", () => {
    expect(found("{limits: {memory: 2Gi}}")[0]?.message).to.include("at most 1Gi");
    expect(found("{requests: {cpu: 50m}}")[0]?.message).to.include("at least 100m");
    expect(found("{requests: {cpu: 200m}, limits: {memory: 1Gi}}")).to.deep.equal([]);
  });
});
