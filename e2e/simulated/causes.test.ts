// Root causes end to end: both bugs of the Service without endpoints are named, and what an Incident offers as a patch,
// pasted into a shell with a real kubectl, mends the failed revision.
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import type { Container } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { kubectlFolder } from "../../hack/kubectl-contract/kubectl-binary.ts";
import type { CauseClass } from "../../src/api/causes.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import { deploymentOf, LABELS, READINESS, SHOP, type Version } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";

const run = promisify(execFile);

/** What fails, and the class of the cause whose patch mends it. */
const MENDED: Record<
  string,
  { readonly version: Version; readonly cause: CauseClass; readonly good?: Version }
> = {
  "a probe on a port that nobody serves": {
    version: {
      tag: "v2",
      container: {
        ports: [{ containerPort: 80 }],
        readinessProbe: { ...READINESS, httpGet: { path: "/healthz", port: 80 } },
      },
    },
    cause: "ProbePortNotServed",
  },
  "a probe that names no port of its container": {
    version: {
      tag: "v2",
      container: { readinessProbe: { ...READINESS, httpGet: { path: "/healthz", port: "web" } } },
    },
    cause: "ProbePortNotServed",
  },
  "a liveness probe on a port that nobody serves": {
    version: {
      tag: "v2",
      container: { livenessProbe: { tcpSocket: { port: 9_999 }, periodSeconds: 2, failureThreshold: 2 } },
    },
    cause: "ProbePortNotServed",
  },
  "a liveness probe that kills before the application is up": {
    version: {
      tag: "v2",
      env: { START_DELAY: "20s" },
      container: { livenessProbe: { tcpSocket: { port: 8_080 }, periodSeconds: 2, failureThreshold: 2 } },
    },
    cause: "SlowStart",
  },
  "a health check that takes longer than the probe waits": {
    version: { tag: "v2", env: { HEALTH_DELAY: "3s" } },
    cause: "HealthCheckTimesOut",
  },
  "a label that the Service selects on": {
    version: { tag: "v2", labels: { app: SHOP } },
    cause: "ServiceSelectorMismatch",
  },
  "a key of another Secret": {
    good: { tag: "v1", container: fromSecret("database") },
    version: { tag: "v2", container: fromSecret("databse") },
    cause: "SecretMissing",
  },
};

describeScenarios("the patch that an Incident offers mends", (scenario) => {
  for (const [what, { version, cause, good }] of Object.entries(MENDED)) {
    scenario(what, async (story) => {
      const { given, when, then } = story;
      given.aSecret("database");
      await given.aGoodDeployment({ guard: { mode: "Observe" }, ...(good && { version: good }) });
      when.shipped(version);
      const { status, spec } = await then.held("ObserveMode");
      expect(status?.cause, status?.rootCause).to.equal(cause);
      expect(status?.patch).to.equal(spec.causes?.[0]?.patch);
      await pasted(story, status?.patch);
      await then.good("v2");
    });
  }
});

describeScenarios("a Service without endpoints and a NetworkPolicy in the way", (scenario) => {
  scenario("are both named when the policy does not admit who calls", async (story) => {
    const { given, when, then } = story;
    policy(story, { app: SHOP }, { app: "api-gateway" });
    neighbour(story, "api-gateway");
    neighbour(story, "web-frontend", { BACKEND_URL: `http://${SHOP}:80/` });
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", labels: { app: SHOP } });
    const { spec, status } = await then.rolledBack({ reason: "EmptyEndpoints" });
    const [first, second] = spec.causes ?? [];
    expect(first).to.include({ class: "ServiceSelectorMismatch", certainty: "Certain" });
    expect(second).to.include({ class: "NetworkPolicyBlocks", certainty: "Likely" });
    expect(second?.message).to.contain("app=api-gateway").and.contain("Deployment web-frontend");
    expect(second?.message).not.to.contain("Deployments");
    expect(second?.patch)
      .to.contain(`kubectl patch networkpolicy ${SHOP}`)
      .and.contain('"app":"web-frontend"');
    expect(status?.furtherCauses?.join()).to.contain("NetworkPolicyBlocks: NetworkPolicy shop allows only");
    await pasted(story, second?.patch);
    const stored = story.world.cluster.store.get("networkpolicies", story.namespace, SHOP);
    expect(JSON.stringify(stored?.spec)).to.contain('"app":"web-frontend"');
  });

  scenario("are both named when the policy admits by the label that was lost", async (story) => {
    const { given, when, then } = story;
    policy(story, LABELS, { app: "web-frontend" });
    policy(story, {}, undefined, "default-deny");
    neighbour(story, "web-frontend");
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", labels: { app: SHOP } });
    const { spec } = await then.rolledBack({ reason: "EmptyEndpoints" });
    const [, second] = spec.causes ?? [];
    expect(second).to.include({ class: "NetworkPolicyBlocks", certainty: "Certain" });
    expect(second?.message).to.match(/web-frontend cannot call the new pods any more: .*lost tier=backend/);
  });

  /** A policy admits only these pods, and web-frontend calls; the label is lost, and only the Service is named. */
  async function onlyTheServiceIsNamed(story: Story, admitted: string): Promise<void> {
    const { given, when, then } = story;
    policy(story, { app: SHOP }, { app: admitted });
    neighbour(story, "web-frontend");
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", labels: { app: SHOP } });
    const { spec } = await then.rolledBack({ reason: "EmptyEndpoints" });
    expect(spec.causes?.map((cause) => cause.class)).to.deep.equal(["ServiceSelectorMismatch"]);
  }

  scenario("are not confused: what the policies admit as before is not reported", (story) =>
    onlyTheServiceIsNamed(story, "web-frontend"),
  );

  scenario(
    "are reported as far as they can be read: without permission for policies only the Service is",
    async (story) => {
      const { world, namespace } = story;
      world.cluster.faults.add({
        on: { resource: "networkpolicies", namespace },
        does: { answer: { code: 403 } },
      });
      await onlyTheServiceIsNamed(story, "api-gateway");
    },
  );

  scenario(
    "the caller's side is named too: its pods lost the label by which they were admitted",
    async (story) => {
      const { given, when, then } = story;
      policy(story, { app: "database" }, { tier: "backend" }, "database");
      await given.aGoodDeployment();
      const crash = { CRASH: "1", CRASH_AFTER: "2s" };
      when.shipped({ tag: "v2", labels: { app: SHOP }, env: crash });
      const { spec } = await then.rolledBack({ reason: "CrashLooping" });
      const blocked = spec.causes?.find((cause) => cause.class === "NetworkPolicyBlocks");
      expect(blocked?.certainty).to.equal("Certain");
      expect(blocked?.message)
        .to.contain("cannot call the pods of NetworkPolicy database")
        .and.contain("tier=backend");
    },
  );
});

function fromSecret(name: string): Partial<Container> {
  return { env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { name, key: "DATABASE_URL" } } }] };
}

/** Runs the command as a person would who pasted it into a shell. */
async function pasted({ world }: Story, command: string | undefined): Promise<void> {
  expect(command, "the command").to.match(/^kubectl patch /);
  const environment = {
    PATH: `${kubectlFolder()}:/usr/bin:/bin`,
    KUBECONFIG: "/dev/null",
    KUBECACHEDIR: tmpdir(),
  };
  await run("sh", ["-c", `${command} --server=${world.cluster.url}`], { env: environment });
}

function policy(
  { world, namespace }: Story,
  pods: object,
  from: object | undefined,
  name: string = SHOP,
): void {
  const ingress = from ? [{ from: [{ podSelector: { matchLabels: from } }] }] : [];
  world.cluster.store.apply({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace, name },
    spec: { podSelector: { matchLabels: pods }, policyTypes: ["Ingress"], ingress },
  });
}

function neighbour(
  { world, namespace }: Story,
  name: string,
  env: Readonly<Record<string, string>> = {},
): void {
  world.cluster.store.apply(deploymentOf(namespace, name, { tag: "v1", labels: { app: name }, env }));
}
