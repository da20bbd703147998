import { expect } from "chai";
import { container, type PodUnderTest, runPod } from "../testing/pod-under-test.ts";

describe("the start of a pod", () => {
  let under: PodUnderTest;

  afterEach(() => under.stop());

  const waiting = (name = "app") => under.container(name)?.state.waiting;
  const running = (name = "app") => under.container(name)?.state.running !== undefined;
  const give = (kind: "Secret" | "ConfigMap", name: string, data: Record<string, string>) =>
    under.cluster.store.apply({ apiVersion: "v1", kind, metadata: { name, namespace: "shop" }, data });

  it("fails for an image whose name is none", async () => {
    under = await runPod({ containers: [container("app", {}, { image: "Shop/Web:1" })] });
    await under.until("the failure shows", () => waiting()?.reason === "InvalidImageName");
    const message =
      'Failed to apply default image tag "Shop/Web:1": couldn\'t parse image name "Shop/Web:1": ' +
      "invalid reference format: repository name (Shop/Web) must be lowercase";
    expect(waiting()?.message).to.equal(message);
    expect(under.events("InspectFailed")).to.deep.equal([message]);
    expect(under.events("Failed")).to.deep.equal(["Error: InvalidImageName"]);
  });

  it("fails for an image that is not there and must not be pulled", async () => {
    const image = "missing.invalid/web:1";
    under = await runPod({ containers: [container("app", {}, { image, imagePullPolicy: "Never" })] });
    await under.until("the failure shows", () => waiting()?.reason === "ErrImageNeverPull");
    expect(waiting()?.message).to.equal(
      `Container image "${image}" is not present with pull policy of Never`,
    );
    under.cluster.images.set(image, { isMissing: false });
    await under.until("it runs once the image is there", running);
  });

  it("swings between the failed pull and the back-off", async () => {
    under = await runPod({ containers: [container("app", {}, { image: "missing.invalid/web:1" })] });
    const seen: string[] = [];
    under.cluster.store.subscribe("pods", () => {
      const { reason = "", message = "" } = waiting() ?? {};
      if (reason !== seen.at(-1) && reason.includes("Image")) seen.push(reason);
      if (reason === "ImagePullBackOff") {
        expect(message).to.match(
          /^Back-off pulling image "missing.invalid\/web:1": ErrImagePull: failed to pull/,
        );
      }
    });
    await under.until("it has swung", () => seen.length >= 4);
    expect(seen.slice(0, 4)).to.deep.equal([
      "ErrImagePull",
      "ImagePullBackOff",
      "ErrImagePull",
      "ImagePullBackOff",
    ]);
    expect(under.events("Failed")).to.include("Error: ErrImagePull").and.include("Error: ImagePullBackOff");
  });

  it("waits for the key of a Secret that is a volume", async () => {
    under = await runPod({
      volumes: [{ name: "tls", secret: { secretName: "cert", items: [{ key: "tls.key", path: "key" }] } }],
      containers: [container("app")],
    });
    give("Secret", "cert", { "tls.crt": "" });
    await under.until("the mount fails for the key", () =>
      under.events("FailedMount").some((text) => text.includes("key:")),
    );
    expect(under.events("FailedMount")).to.include(
      'MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.key',
    );
    give("Secret", "cert", { "tls.crt": "", "tls.key": "" });
    await under.until("it runs", running);
  });

  it("waits for everything that is projected into one volume, and tells all that is missing", async () => {
    const sources = [
      { secret: { name: "db" } },
      { configMap: { name: "settings", items: [{ key: "port", path: "port" }] } },
      { secret: { name: "extra", optional: true } },
    ];
    under = await runPod({
      volumes: [{ name: "all", projected: { sources } }],
      containers: [container("app")],
    });
    give("ConfigMap", "settings", {});
    await under.until("both are missed", () =>
      under
        .events("FailedMount")
        .includes(
          'MountVolume.SetUp failed for volume "all" : [secret "db" not found, references non-existent config key: port]',
        ),
    );
    give("Secret", "db", {});
    give("ConfigMap", "settings", { port: "80" });
    await under.until("it runs", running);
  });

  it("needs no reference that is optional", async () => {
    const optional = { name: "none", optional: true };
    under = await runPod({
      volumes: [
        { name: "a", secret: { secretName: "none", optional: true } },
        { name: "b", configMap: optional },
      ],
      containers: [
        {
          ...container("app"),
          envFrom: [{ secretRef: optional }, { configMapRef: optional }],
          env: [{ name: "URL", valueFrom: { secretKeyRef: { ...optional, key: "url" } } }],
        },
      ],
    });
    await under.until("it runs", running);
    expect(under.events("Failed")).to.deep.equal([]);
  });

  it("tells of a ConfigMap that a whole environment comes from, and goes on when it appears", async () => {
    under = await runPod({
      containers: [{ ...container("app"), envFrom: [{ configMapRef: { name: "settings" } }] }],
    });
    await under.until("the failure shows", () => waiting()?.reason === "CreateContainerConfigError");
    expect(waiting()?.message).to.equal('configmap "settings" not found');
    give("ConfigMap", "settings", { REQUIRED_ENV: "PORT_NAME", PORT_NAME: "http" });
    await under.until("it runs", running);
  });

  it("gives a container the fields of its pod", async () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const names = { NAME: "metadata.name", NODE: "spec.nodeName", APP: "metadata.labels['app']" };
    const env = Object.entries(names).map(([name, path]) => field(name, path));
    const required = { name: "REQUIRED_ENV", value: "NAME,NODE,APP" };
    under = await runPod({ containers: [{ ...container("app"), env: [required, ...env] }] });
    await under.until("it runs", running);
    await under.until(
      "it has run for a while",
      () => under.cluster.now() > Date.parse(under.container()?.state.running?.startedAt ?? "") + 3_000,
    );
    expect(under.container()?.restartCount).to.equal(0);
  });

  it("fails for a command that does not exist, in the runtime's words", async () => {
    const command = ["serve"];
    under = await runPod({ containers: [container("app", { COMMAND_MISSING: "1" }, { command })] });
    await under.until("the failure shows", () => waiting()?.reason === "RunContainerError");
    const message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
      'unable to start container process: error during container init: exec: "serve": executable file not found in $PATH';
    expect(waiting()?.message).to.equal(message);
    expect(under.container()?.lastState.terminated).to.include({
      exitCode: 128,
      reason: "StartError",
      message,
      startedAt: "1970-01-01T00:00:00Z",
    });
    expect(under.events("Failed")).to.deep.equal([`Error: ${message}`]);
  });

  it("comes to a sidecar's successors when its startup probe has succeeded", async () => {
    const startupProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1, failureThreshold: 30 };
    under = await runPod({
      initContainers: [container("proxy", { START_DELAY: "8s" }, { restartPolicy: "Always", startupProbe })],
      containers: [container("app")],
    });
    await under.until("the sidecar runs", () => running("proxy"));
    expect(under.container("proxy")?.started).to.equal(false);
    const startedAt = under.cluster.now();
    expect(waiting()?.reason).to.equal("PodInitializing");
    await under.until("the application runs", running);
    expect(under.cluster.now() - startedAt).to.be.at.least(7_000);
  });

  it("backs off from an init container that fails, while the others wait", async () => {
    under = await runPod({
      initContainers: [container("migrate", { CRASH: "1", CRASH_TIMES: "3" })],
      containers: [container("app")],
    });
    await under.until("the back-off", () => waiting("migrate")?.reason === "CrashLoopBackOff");
    expect(waiting("migrate")?.message).to.match(
      /^back-off 10s restarting failed container=migrate pod=web_shop\(/,
    );
    expect(waiting()?.reason).to.equal("PodInitializing");
    expect(under.pod().status.phase).to.equal("Pending");
    await under.until("it runs", running);
    expect(under.container("migrate")?.restartCount).to.equal(3);
  });

  it("shows the pod's address when its first container is past its creation, not with the sandbox", async () => {
    under = await runPod({ initContainers: [container("migrate")], containers: [container("app")] });
    const seen = new Set<string>();
    under.cluster.store.subscribe("pods", () => {
      const state = under.container("migrate")?.state;
      const { podIP } = under.pod().status;
      if (state)
        seen.add(`${state.waiting?.reason ?? "begun"}, ${podIP === undefined ? "no address" : "an address"}`);
    });
    await under.until("it has begun", () => under.pod().status.podIP !== undefined);
    expect([...seen]).to.deep.equal(["PodInitializing, no address", "begun, an address"]);
  });

  it("is lost when an init container fails that may not be restarted", async () => {
    under = await runPod({
      restartPolicy: "Never",
      initContainers: [container("migrate", { CRASH: "1" })],
      containers: [container("app")],
    });
    await under.until("it is over", () => under.pod().status.phase === "Failed");
    expect(under.container()?.restartCount).to.equal(0);
  });
});
