import { expect } from "chai";
import type { Pod } from "../../api-server/kinds.ts";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";
import type { NodeFault } from "../faults/node-fault.ts";
import type { PullFailure } from "../faults/pull-failures.ts";

const IMAGE = "registry.example.com/shop:v2";

describe("a pull", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 1_000, seed: 4 });
    cluster.images.set(IMAGE, { isOnNodes: false });
  });

  afterEach(() => cluster.stop());

  const pods = (): readonly Pod[] => cluster.store.list("pods", "shop");
  const state = () => pods()[0]?.status.containerStatuses?.[0];
  const events = (reason: string) =>
    cluster.store.list("events", "shop").filter((event) => event.reason === reason);
  const messages = (reason: string) => events(reason).map(({ message }) => message);
  const running = () => waitUntil(cluster, "it runs", () => state()?.state.running !== undefined, 2_000_000);

  function run(fault: NodeFault | undefined, options: { image?: string; replicas?: number } = {}): void {
    const { image = IMAGE, replicas = 1 } = options;
    if (fault !== undefined) cluster.nodeFaults.add(fault);
    cluster.store.apply(exampleDeployment({ image, spec: { replicas } }));
  }

  it("is made where the node does not have the image, and not made again", async () => {
    run(undefined);
    await running();
    expect(state()?.imageID).to.match(/^registry\.example\.com\/shop@sha256:[0-9a-f]{64}$/);
    expect(messages("Pulling")).to.deep.equal([`Pulling image "${IMAGE}"`]);
    expect(messages("Pulled")[0]).to.match(
      /^Successfully pulled image ".*:v2" in (\d+ms|1\.\d+s) \((\d+ms|1\.\d+s) including waiting\)\. /,
    );
    cluster.store.delete("pods", "shop", pods()[0]?.metadata.name ?? "");
    await waitUntil(cluster, "the next one is there", () => messages("Pulled").length === 2);
    expect(messages("Pulled")[1]).to.equal(
      `Container image "${IMAGE}" already present on machine and can be accessed by the pod`,
    );
  });

  it("fails while the registry throttles, and succeeds when the back-off after that is over", async () => {
    run({ does: { pull: "throttled" }, on: { image: "registry.example.com/" }, forMs: 60_000 });
    const from = cluster.now();
    await waitUntil(cluster, "the error shows", () => state()?.state.waiting?.reason === "ErrImagePull");
    const why =
      `failed to pull and unpack image "${IMAGE}": failed to resolve image: unexpected status from HEAD request to ` +
      "https://registry.example.com/v2/shop/manifests/v2: 429 Too Many Requests";
    expect(state()?.state.waiting?.message).to.equal(why);
    expect(messages("Failed")).to.include(`Failed to pull image "${IMAGE}": ${why}`);
    await waitUntil(
      cluster,
      "the back-off shows",
      () => state()?.state.waiting?.reason === "ImagePullBackOff",
    );
    await running();
    expect(cluster.now() - from).to.be.within(60_000, 160_000);
    expect(messages("Pulled")[0]).to.contain("Successfully pulled image");
  });

  it("does not fail for an image that the node has", async () => {
    run({ does: { pull: "unavailable" } }, { image: "web:1" });
    await running();
    expect(events("Failed")).to.deep.equal([]);
  });

  it("gives a connection up after 30 s, in which the container is being created", async () => {
    run({ does: { pull: "timeout" }, times: 1 });
    await waitUntil(cluster, "it pulls", () => events("Pulling").length === 1);
    await passTime(cluster, 29_000);
    expect(state()?.state.waiting?.reason).to.equal("ContainerCreating");
    expect(events("Failed")).to.deep.equal([]);
    await waitUntil(cluster, "the error shows", () => state()?.state.waiting?.reason === "ErrImagePull");
    expect(state()?.state.waiting?.message).to.match(
      /^rpc error: code = DeadlineExceeded desc = .*: i\/o timeout$/,
    );
    await running();
  });

  it("can take long without any error; who asks for the same image meanwhile waits", async () => {
    run({ does: { pullTakesMs: 660_000 } }, { replicas: 2 });
    await waitUntil(cluster, "both wait", () => pods().length === 2 && events("Pulling").length === 2);
    await passTime(cluster, 600_000);
    expect(pods().map(({ status }) => status.phase)).to.deep.equal(["Pending", "Pending"]);
    await waitUntil(cluster, "both run", () => pods().every(({ status }) => status.phase === "Running"));
    expect(messages("Pulled").some((text) => text.includes(" in 11m0s (11m0s including waiting)"))).to.equal(
      true,
    );
    expect(messages("Pulled").some((text) => / in (\d+ms|1\.\d+s) \(1[01]m/.test(text))).to.equal(true);
    expect(events("Failed")).to.deep.equal([]);
  });

  for (const [failure, image, words] of [
    [
      "notFound",
      IMAGE,
      `rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve image: ${IMAGE}: not found`,
    ],
    ["unavailable", IMAGE, "503 Service Unavailable"],
    [
      "unauthorized",
      IMAGE,
      "https://registry.example.com/token?scope=repository%3Ashop%3Apull&service=registry.example.com: 401 Unauthorized",
    ],
    [
      "unauthorized",
      "team/shop:v2",
      "pull access denied, repository does not exist or may require authorization",
    ],
    ["throttled", "team/shop:v2", "toomanyrequests: You have reached your unauthenticated pull rate limit."],
    ["noPlatform", IMAGE, "no match for platform in manifest: not found"],
    ["tooManyPulls", IMAGE, "pull QPS exceeded"],
  ] as const satisfies readonly (readonly [PullFailure, string, string])[]) {
    it(`that fails tells why: ${failure}, ${image}`, async () => {
      cluster.images.set(image, { isOnNodes: false });
      run({ does: { pull: failure } }, { image });
      await waitUntil(cluster, "the error shows", () => state()?.state.waiting?.reason === "ErrImagePull");
      expect(state()?.state.waiting?.message).to.contain(words);
    });
  }

  it("of a tag that has moved brings other contents: another imageID, another environment", async () => {
    const image = "registry.example.com/shop:latest";
    const apply = (restart: string) => {
      const { spec, ...rest } = exampleDeployment({ image, container: { imagePullPolicy: "Always" } });
      const { template } = spec;
      const metadata = { ...template.metadata, annotations: { restart } };
      cluster.store.apply({ ...rest, spec: { ...spec, template: { ...template, metadata } } });
    };
    cluster.images.set(image, { build: "one" });
    apply("1");
    await waitUntil(cluster, "all run", () => pods().length === 3 && pods().every(isReady));
    const before = new Set(pods().map(imageID));
    cluster.images.set(image, { build: "two", env: { CRASH: "1", EXIT_MESSAGE: "of build two" } });
    apply("2");
    await waitUntil(cluster, "a new one crashes", () =>
      pods().some(({ status }) => (status.containerStatuses?.[0]?.restartCount ?? 0) > 0),
    );
    const crashed = pods().find((pod) => !before.has(imageID(pod)) && imageID(pod) !== "");
    expect(crashed?.status.containerStatuses?.[0]?.image).to.equal(image);
    expect([...before]).to.have.length(1);
    for (const id of [...before, crashed && imageID(crashed)]) {
      expect(id).to.match(/^registry\.example\.com\/shop@sha256:[0-9a-f]{64}$/);
    }
  });
});

function isReady({ status }: Pod): boolean {
  return status.containerStatuses?.[0]?.ready === true;
}

function imageID({ status }: Pod): string {
  return status.containerStatuses?.[0]?.imageID ?? "";
}
