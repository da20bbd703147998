// Logs of containers, by which an Incident quotes last words. Needs a kubelet, real or simulated.

import type { ContainerStatus, Pod } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { type ContractCase, IMAGES } from "../contract-case.ts";
import { webPod } from "../manifests.ts";
import { podThat, podWhose, waiting } from "../pods.ts";
import type { Site } from "../site.ts";

const WORDS = { CRASH: "1", CRASH_AFTER: "1s", EXIT_MESSAGE: "first\nsecond\nthird" };
const LISTENING = "listening on port 8080\n";
const ENDED = `${LISTENING}first\nsecond\nthird\n`;

const hasEnded = ({ state, restartCount }: ContainerStatus) =>
  state.terminated !== undefined && restartCount === 0;
const hasEndedAgain = ({ state, restartCount }: ContainerStatus) =>
  state.terminated !== undefined && restartCount > 0;

export const LOGS: readonly ContractCase[] = [
  {
    title: "the log of a container that has ended is there until it is restarted, and has what it wrote last",
    needsKubelet: true,
    async play(site) {
      await podWhose(site, { env: WORDS, pod: { restartPolicy: "Never" } }, "it has ended", hasEnded);
      expect(await logOf(site)).to.deep.equal({ code: 200, text: ENDED });
      expect(await logOf(site, "tailLines=2")).to.deep.equal({ code: 200, text: "second\nthird\n" });
      // Counted from the first of those lines.
      expect(await logOf(site, "tailLines=2&limitBytes=8")).to.deep.equal({ code: 200, text: "second\nt" });
      expect((await logOf(site, "tailLines=1&timestamps=true")).text).to.match(/^\d{4}-\S+Z third\n$/);
      expect(await logOf(site, "previous=true")).to.deep.equal({
        code: 400,
        text: 'previous terminated container "app" in pod "web" not found',
      });
    },
  },
  {
    title:
      "the log of the run before is there while a container runs again, and is removed when that has ended too",
    needsKubelet: true,
    async play(site) {
      const env = { ...WORDS, CRASH_AFTER: "4s" };
      await podWhose(
        site,
        { env },
        "it runs again",
        ({ state, restartCount }) => state.running !== undefined && restartCount > 0,
      );
      expect(await logOf(site, "previous=true&container=app&tailLines=1")).to.deep.equal({
        code: 200,
        text: "third\n",
      });
      expect(await logOf(site)).to.deep.equal({ code: 200, text: LISTENING });
      await podThat(site, "it has ended again", hasEndedAgain);
      expect(await logOf(site)).to.deep.equal({ code: 200, text: ENDED });
      const removed = await site.eventually("the log before is removed", async () => {
        const { code, text } = await logOf(site, "previous=true");
        return code === 200 && text.startsWith("unable") && text;
      });
      expect(removed).to.match(/^unable to retrieve container logs for containerd:\/\/[0-9a-f]{64}$/);
    },
  },
  {
    title: "a log is refused in words of the kubelet while there is none, and is empty on no node",
    needsKubelet: true,
    async play(site) {
      await podWhose(site, { image: IMAGES.missing }, "it backs off", waiting("ImagePullBackOff"));
      expect(await logOf(site)).to.deep.equal({
        code: 400,
        text: 'container "app" in pod "web" is waiting to start: trying and failing to pull image',
      });
      expect(await logOf(site, "container=db")).to.deep.equal({
        code: 400,
        text: "container db is not valid for pod web",
      });
      expect((await logOf(site, "tailLines=-1")).text).to.equal(
        'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
      );
      expect(await logOf(site, "", "gone")).to.deep.equal({ code: 404, text: 'pods "gone" not found' });
      const manifest = webPod({ pod: { nodeSelector: { no: "such-node" } } });
      await site.create<Pod>("pods", { ...manifest, metadata: { name: "nowhere" } });
      expect((await logOf(site, "", "nowhere")).code).to.equal(204);
    },
  },
];

/** The log, or the message of the refusal. */
async function logOf(site: Site, query = "", pod = "web"): Promise<{ code: number; text: string }> {
  const path = `${site.path("pods", pod, "log")}?${query}`;
  const { code, body } = await site.api.request<{ text?: string; message?: string }>("GET", path);
  return { code, text: body.text ?? body.message ?? "" };
}
