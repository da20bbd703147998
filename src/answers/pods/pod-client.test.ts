import { expect } from "chai";
import type { AskedPod } from "../../domain/snapshot/asked-pod.ts";
import { ManualClock } from "../../kube/testing/manual-clock.ts";
import type { Dial } from "./dial.ts";
import type { PodRequest } from "./pod-request.ts";
import { anAskedPod, aPodClient } from "./testing/asked-pods.ts";
import { answering, type LoopbackPod, startLoopbackPod } from "./testing/loopback-pod.ts";

const GET: PodRequest = { scheme: "HTTP", method: "GET", path: "/", timeoutMs: 2_000 };
const OF_POD = { address: "10.244.0.7", port: 8080 };

/** Counts the connections that are asked for, and opens none before the test says so. */
function aDial() {
  const targets: string[] = [];
  const waiting: (() => void)[] = [];
  const dial: Dial = ({ address, port }) => {
    targets.push(`${address}:${port}`);
    return new Promise((_, reject) => {
      waiting.push(() => reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" })));
    });
  };
  return { dial, targets, waiting };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("PodClient", () => {
  let well: LoopbackPod;
  before(async () => {
    well = await startLoopbackPod(answering("200 OK", "well"));
  });
  after(() => well.stop());

  const asking = (pod: AskedPod, port?: string | number, request: PodRequest = GET) => ({
    namespace: "shop",
    pod,
    port,
    request,
    mostBodyBytes: 100,
  });

  it("asks a pod at a port that its containers declare, by name, by number, or the first", async () => {
    const pod = anAskedPod(well);
    for (const port of ["http", well.port, undefined])
      expect(await aPodClient().ask(asking(pod, port))).to.include({ class: "answered", status: 200 });
  });

  describe("sends nothing", () => {
    /** Whatever the address rule says. */
    async function refusal(pod: AskedPod, port?: string | number, request?: PodRequest): Promise<string> {
      const { dial, targets } = aDial();
      const answer = await aPodClient({ dial }).ask(asking(pod, port, request));
      expect(targets).to.deep.equal([]);
      return answer.class === "notAllowed" ? answer.message : answer.class;
    }

    it("to a pod on the network of its node", async () => {
      const pod = anAskedPod(OF_POD, { isHostNetwork: true });
      expect(await refusal(pod)).to.contain("uses the network of its node");
    });

    it("to a port that no container declares, such as that of a sidecar's admin page or the kubelet", async () => {
      const pod = anAskedPod(OF_POD);
      for (const port of [10250, 15000, 22, 0, -1, "admin", "8080", ""])
        expect(await refusal(pod, port)).to.equal(`no container declares the port ${port}`);
      expect(await refusal({ ...pod, ports: [] })).to.equal("no container declares a port");
    });

    it("to a pod without an address", async () => {
      expect(await refusal(anAskedPod(OF_POD, { addresses: [] }))).to.equal("the pod has no address yet");
    });

    it("that has a wrong form", async () => {
      expect(await refusal(anAskedPod(OF_POD), undefined, { ...GET, path: "//x" })).to.contain(
        "the path must begin",
      );
    });
  });

  it("connects to no address that is not a pod's, and tries no other one of that pod", async () => {
    const addresses = [
      "127.0.0.1",
      "::1",
      "169.254.169.254",
      "::ffff:127.0.0.1",
      "0.0.0.0",
      "224.0.0.1",
      "localhost",
    ];
    const { dial, targets } = aDial();
    const client = aPodClient({ dial, addressRule: undefined });
    for (const address of addresses) {
      const pod = anAskedPod({ address, port: 8080 }, { addresses: [address, "10.244.0.7"] });
      expect(await client.ask(asking(pod)), address).to.have.property("class", "notAllowed");
    }
    expect(targets).to.deep.equal([]);
  });

  it("opens so many connections at once of a namespace, and does not let the others wait for it", async () => {
    const { dial, targets, waiting } = aDial();
    const client = aPodClient({ dial, mostAtOnce: 5, mostAtOnceOfNamespace: 2 });
    const hanging = Array.from({ length: 6 }, () => client.ask(asking(anAskedPod(OF_POD))));
    await settle();
    expect(targets).to.have.length(2);
    const other = client.ask({
      ...asking(anAskedPod({ address: "10.244.0.9", port: 80 })),
      namespace: "other",
    });
    await settle();
    expect(targets.at(-1)).to.equal("10.244.0.9:80");
    waiting.at(-1)?.();
    expect(await other).to.include({ class: "refused" });
    for (let next = 0; next < waiting.length; next += 1) {
      waiting[next]?.();
      await settle();
    }
    for (const answer of await Promise.all(hanging)) expect(answer).to.include({ class: "refused" });
    expect(targets).to.have.length(7);
  });

  it("opens so many connections at once in all", async () => {
    const { dial, targets, waiting } = aDial();
    const client = aPodClient({ dial, mostAtOnce: 3 });
    const all = Array.from({ length: 9 }, (_, index) =>
      client.ask({ ...asking(anAskedPod(OF_POD)), namespace: `team-${index}` }),
    );
    await settle();
    expect(targets).to.have.length(3);
    for (let next = 0; next < 9; next += 1) {
      waiting[next]?.();
      await settle();
    }
    await Promise.all(all);
  });

  it("counts the time of a request from when it is its turn", async () => {
    const clock = new ManualClock();
    const { dial, targets, waiting } = aDial();
    const client = aPodClient({ dial, clock, mostAtOnce: 1 });
    void client.ask(asking(anAskedPod(OF_POD), undefined, { ...GET, timeoutMs: 60_000 }));
    const second = client.ask(asking(anAskedPod(OF_POD)));
    await settle();
    clock.advance(10_000);
    waiting[0]?.();
    await settle();
    expect(targets).to.have.length(2);
    clock.advance(100);
    waiting[1]?.();
    expect(await second).to.include({ class: "refused", durationMs: 100 });
  });
});
