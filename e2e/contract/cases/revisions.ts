// Revisions: how Deployments and ReplicaSets are numbered, what makes a new one, and what an undo leaves.

import type { Deployment, ReplicaSet } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { type ContractCase, IMAGES } from "../contract-case.ts";
import { web, withTag } from "../manifests.ts";
import { revisionOf, type Site } from "../site.ts";

const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";

/** What the ReplicaSets say of themselves: revision, image, replicas, oldest revision first. */
async function revisions(site: Site): Promise<readonly string[]> {
  const sets = await site.replicaSets();
  return sets.map((set) => {
    const [container] = set.spec.template.spec.containers;
    const history = set.metadata.annotations?.[HISTORY];
    const tag = container?.image.split(":").at(-1);
    return [`${revisionOf(set)}`, tag, `x${set.spec.replicas}`, history && `was ${history}`]
      .filter(Boolean)
      .join(" ");
  });
}

/** Rolls the tags out, one after another. */
async function rollOut(site: Site, ...tags: readonly string[]): Promise<Deployment> {
  for (const tag of tags) {
    await site.change("web", withTag(tag));
    await site.rolledOut("web");
  }
  return site.deployment("web");
}

async function firstRollout(site: Site, options: Parameters<typeof web>[0] = {}): Promise<Deployment> {
  await site.create("deployments", web(options));
  return site.rolledOut("web");
}

/** The operator's patch: guarded, the template of the ReplicaSet without its hash. */
function undoTo(site: Site, deployment: Deployment, set: ReplicaSet) {
  const { "pod-template-hash": _hash, ...labels } = set.spec.template.metadata?.labels ?? {};
  const template = { ...set.spec.template, metadata: { ...set.spec.template.metadata, labels } };
  const { uid, generation } = deployment.metadata;
  return site.jsonPatch<Deployment>(site.path("deployments", "web"), [
    { op: "test", path: "/metadata/uid", value: uid },
    { op: "test", path: "/metadata/generation", value: generation },
    { op: "replace", path: "/spec/template", value: template },
    { op: "add", path: "/metadata/annotations/example.com~1undone", value: "yes" },
  ]);
}

async function setOfTag(site: Site, tag: string): Promise<ReplicaSet> {
  const sets = await site.replicaSets();
  const set = sets.find(({ spec }) => spec.template.spec.containers[0]?.image === IMAGES.application(tag));
  if (set === undefined) throw new Error(`no ReplicaSet of ${tag}`);
  return set;
}

export const REVISIONS: readonly ContractCase[] = [
  {
    title:
      "a ReplicaSet is named by the hash of its template, labels its pods with it, and takes over the Deployment's annotations",
    async play(site) {
      const cause = { "kubernetes.io/change-cause": "first", "example.com/owner": "shop" };
      const deployment = await firstRollout(site, {
        annotations: { ...cause, "kubectl.kubernetes.io/last-applied-configuration": "{}" },
      });
      const [set] = await site.replicaSets();
      const hash = set?.metadata.labels?.["pod-template-hash"] ?? "";
      expect(hash).to.match(/^[bcdfghjklmnpqrstvwxz2456789]{4,10}$/);
      expect(set?.metadata.name).to.equal(`web-${hash}`);
      const labels = { app: "web", "pod-template-hash": hash };
      expect(set?.metadata.labels).to.deep.equal(labels);
      expect(set?.spec.selector).to.deep.equal({ matchLabels: labels });
      expect(set?.spec.template.metadata?.labels).to.deep.equal(labels);
      expect(set?.metadata.annotations).to.deep.equal({
        ...cause,
        [REVISION]: "1",
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3",
      });
      expect(set?.metadata.ownerReferences).to.deep.equal([
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "web",
          uid: deployment.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]);
      for (const pod of await site.pods()) {
        expect(pod.metadata.labels).to.deep.equal(labels);
        expect(pod.metadata.name).to.match(new RegExp(`^web-${hash}-[bcdfghjklmnpqrstvwxz2456789]{5}$`));
        expect(pod.metadata.ownerReferences?.[0]).to.include({ kind: "ReplicaSet", uid: set?.metadata.uid });
      }
    },
  },
  {
    title: "each new template is a new revision, on the Deployment and its ReplicaSet",
    async play(site) {
      await firstRollout(site);
      const deployment = await rollOut(site, "v2", "v3");
      expect(deployment.metadata.annotations?.[REVISION]).to.equal("3");
      expect(await revisions(site)).to.deep.equal(["1 v1 x0", "2 v2 x0", "3 v3 x2"]);
    },
  },
  {
    title:
      "an undo gives the old ReplicaSet the next number, notes the former one, and makes no new ReplicaSet",
    async play(site) {
      await firstRollout(site);
      const before = await rollOut(site, "v2");
      const names = (await site.replicaSets()).map(({ metadata }) => metadata.name);
      const { code, body } = await undoTo(site, before, await setOfTag(site, "v1"));
      expect([code, body.metadata.generation]).to.deep.equal([200, Number(before.metadata.generation) + 1]);
      const after = await site.rolledOut("web");
      expect(after.metadata.annotations).to.deep.equal({
        ...before.metadata.annotations,
        [REVISION]: "3",
        "example.com/undone": "yes",
      });
      expect(await revisions(site)).to.deep.equal(["2 v2 x0", "3 v1 x2 was 1"]);
      const left = (await site.replicaSets()).map(({ metadata }) => metadata.name);
      expect(left).to.have.members(names);
      expect((await setOfTag(site, "v1")).metadata.annotations?.["example.com/undone"]).to.equal("yes");
    },
  },
  {
    title: "undone twice, a ReplicaSet notes all its former numbers",
    async play(site) {
      await firstRollout(site);
      await rollOut(site, "v2", "v1", "v2", "v1");
      expect(await revisions(site)).to.deep.equal(["4 v2 x0 was 2", "5 v1 x2 was 1,3"]);
    },
  },
  {
    title: "an undo that was made for another generation is refused and leaves everything",
    async play(site) {
      await firstRollout(site);
      const judged = await rollOut(site, "v2");
      const fixed = await rollOut(site, "v3");
      const { code } = await undoTo(site, judged, await setOfTag(site, "v1"));
      expect(code).to.equal(422);
      const after = await site.deployment("web");
      expect(after.spec).to.deep.equal(fixed.spec);
      expect(await revisions(site)).to.deep.equal(["1 v1 x0", "2 v2 x0", "3 v3 x2"]);
    },
  },
  {
    title: "scaling is a new generation and no new revision",
    async play(site) {
      const before = await firstRollout(site);
      const changed = await site.change("web", { spec: { replicas: 3 } });
      expect(changed.metadata.generation).to.equal(Number(before.metadata.generation) + 1);
      const after = await site.rolledOut("web");
      expect(after.metadata.annotations).to.deep.equal(before.metadata.annotations);
      expect(await revisions(site)).to.deep.equal(["1 v1 x3"]);
      const [set] = await site.replicaSets();
      expect(set?.metadata.annotations).to.include({
        "deployment.kubernetes.io/desired-replicas": "3",
        "deployment.kubernetes.io/max-replicas": "4",
      });
    },
  },
  {
    title: "a restart is a new revision, and its date stands in the template",
    async play(site) {
      await firstRollout(site);
      const restartedAt = "2026-03-01T12:00:00Z";
      const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
      await site.change("web", { spec: { template: { metadata: { annotations } } } });
      await site.rolledOut("web");
      expect(await revisions(site)).to.deep.equal(["1 v1 x0", "2 v1 x2"]);
      const [, set] = await site.replicaSets();
      expect(set?.spec.template.metadata?.annotations).to.deep.equal(annotations);
      for (const pod of await site.pods(
        `labelSelector=pod-template-hash%3D${set?.metadata.labels?.["pod-template-hash"]}`,
      )) {
        expect(pod.metadata.annotations).to.include(annotations);
      }
    },
  },
  {
    title:
      "while a Deployment is paused no template is rolled out and it is scaled all the same; resumed, it goes on",
    async play(site) {
      await firstRollout(site);
      await site.change("web", { spec: { paused: true } });
      await site.change("web", withTag("v2"));
      const paused = await site.eventually("the pause has been seen", async () => {
        const deployment = await site.deployment("web");
        return deployment.status.observedGeneration === deployment.metadata.generation && deployment;
      });
      const progressing = paused.status.conditions?.find(({ type }) => type === "Progressing");
      expect(progressing).to.include({
        status: "Unknown",
        reason: "DeploymentPaused",
        message: "Deployment is paused",
      });
      await site.change("web", { spec: { replicas: 3 } });
      await site.eventually(
        "it is scaled",
        async () => (await site.deployment("web")).status.availableReplicas === 3,
      );
      expect(await revisions(site)).to.deep.equal(["1 v1 x3"]);
      await site.change("web", { spec: { paused: false } });
      await site.rolledOut("web");
      expect(await revisions(site)).to.deep.equal(["1 v1 x0", "2 v2 x3"]);
    },
  },
  {
    title: "old ReplicaSets beyond the history limit are deleted, the lowest revisions first",
    async play(site) {
      await firstRollout(site, { spec: { replicas: 1, revisionHistoryLimit: 1 } });
      await rollOut(site, "v2", "v3");
      await site.eventually(
        "one old ReplicaSet is left",
        async () => (await site.replicaSets()).length === 2,
      );
      expect(await revisions(site)).to.deep.equal(["2 v2 x0", "3 v3 x1"]);
    },
  },
  {
    title: "a change of the Deployment's annotations reaches its current ReplicaSet and no other",
    async play(site) {
      await firstRollout(site);
      await rollOut(site, "v2");
      await site.jsonPatch(site.path("deployments", "web"), [
        { op: "add", path: "/metadata/annotations/kubernetes.io~1change-cause", value: "second" },
      ]);
      await site.eventually("the ReplicaSet has it", async () => {
        const [, set] = await site.replicaSets();
        return set?.metadata.annotations?.["kubernetes.io/change-cause"] === "second";
      });
      const [old] = await site.replicaSets();
      expect(old?.metadata.annotations).to.not.have.property("kubernetes.io/change-cause");
    },
  },
  {
    title: "a Deployment that is deleted takes its ReplicaSets and pods with it",
    async play(site) {
      await firstRollout(site);
      await site.api.request("DELETE", site.path("deployments", "web"));
      await site.eventually("all is gone", async () => {
        const left = [...(await site.replicaSets()), ...(await site.pods())];
        return left.length === 0;
      });
    },
  },
];
