// Rollouts: conditions and their texts, counts, and the Events that the controllers write.

import type { Condition, Deployment } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { ContractCase } from "../contract-case.ts";
import { expectRefusal } from "../expectations.ts";
import { web, webPod, withEnv, withTag } from "../manifests.ts";
import type { Site } from "../site.ts";

function conditions(deployment: Deployment): Readonly<Record<string, string>> {
  const texts = (deployment.status.conditions ?? []).map(({ type, status, reason, message }: Condition) => [
    type,
    `${status} ${reason}: ${message}`,
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

async function newestSet(site: Site): Promise<string> {
  return (await site.replicaSets()).at(-1)?.metadata.name ?? "";
}

/** "type reason: message" of every Event about the object, in order. */
async function eventTexts(site: Site, about: string): Promise<readonly string[]> {
  const events = await site.events(about);
  return events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}

/** Whatever conditions the Deployment went through, without what is repeated. */
async function conditionsSeen(site: Site, play: () => Promise<unknown>): Promise<readonly string[]> {
  const { metadata } = await site.list("deployments");
  const watch = await site.watch<Deployment>("deployments", `resourceVersion=${metadata.resourceVersion}`);
  await play();
  await site.eventually("the watch has seen the end", async () => {
    const { metadata: last } = await site.deployment("web");
    return watch.lines.some(({ object }) => object.metadata.resourceVersion === last.resourceVersion);
  });
  const seen = watch.lines.map(({ object }) => conditions(object)["Progressing"]);
  return seen.filter((text, at): text is string => text !== undefined && text !== seen[at - 1]);
}

const AVAILABLE = "True MinimumReplicasAvailable: Deployment has minimum availability.";
const UNAVAILABLE = "False MinimumReplicasUnavailable: Deployment does not have minimum availability.";

export const ROLLOUTS: readonly ContractCase[] = [
  {
    title:
      "a rollout is NewReplicaSetCreated, ReplicaSetUpdated, NewReplicaSetAvailable, and names its ReplicaSet each time",
    async play(site) {
      const seen = await conditionsSeen(site, async () => {
        await site.create("deployments", web());
        await site.rolledOut("web");
      });
      const set = await newestSet(site);
      // Pods that become ready at one moment leave the middle out.
      const updated = `True ReplicaSetUpdated: ReplicaSet "${set}" is progressing.`;
      expect(seen.filter((text) => text !== updated)).to.deep.equal([
        `True NewReplicaSetCreated: Created new replica set "${set}"`,
        `True NewReplicaSetAvailable: ReplicaSet "${set}" has successfully progressed.`,
      ]);
      const { status, metadata } = await site.deployment("web");
      const { conditions: _conditions, ...counts } = status;
      expect(counts).to.deep.equal({
        observedGeneration: metadata.generation,
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
        terminatingReplicas: 0,
      });
    },
  },
  {
    title: "an undo goes through the conditions of any rollout, but for the creation",
    async play(site) {
      await site.create("deployments", web());
      await site.rolledOut("web");
      await site.change("web", withTag("v2"));
      await site.rolledOut("web");
      const seen = await conditionsSeen(site, async () => {
        await site.change("web", withTag("v1"));
        await site.rolledOut("web");
      });
      const set = await newestSet(site);
      const [first, ...rest] = seen;
      expect(first).to.match(/^True NewReplicaSetAvailable: ReplicaSet ".*" has successfully progressed\.$/);
      expect(rest).to.deep.equal([
        `True ReplicaSetUpdated: ReplicaSet "${set}" is progressing.`,
        `True NewReplicaSetAvailable: ReplicaSet "${set}" has successfully progressed.`,
      ]);
    },
  },
  {
    title:
      "a rollout that gets nowhere is ProgressDeadlineExceeded, stays available by its old pods, and recovers by an undo",
    async play(site) {
      const spec = { progressDeadlineSeconds: 5 };
      await site.create("deployments", web({ spec }));
      await site.rolledOut("web");
      await site.change("web", withEnv("HEALTH", "500"));
      const stuck = await site.eventually("the deadline is over", async () => {
        const deployment = await site.deployment("web");
        return conditions(deployment)["Progressing"]?.startsWith("False") && deployment;
      });
      const set = await newestSet(site);
      expect(conditions(stuck)).to.deep.equal({
        Available: AVAILABLE,
        Progressing: `False ProgressDeadlineExceeded: ReplicaSet "${set}" has timed out progressing.`,
      });
      const { conditions: _conditions, ...counts } = stuck.status;
      expect(counts).to.deep.equal({
        observedGeneration: stuck.metadata.generation,
        replicas: 3,
        updatedReplicas: 1,
        readyReplicas: 2,
        availableReplicas: 2,
        unavailableReplicas: 1,
        terminatingReplicas: 0,
      });
      await site.change("web", withEnv("HEALTH", "200"));
      await site.rolledOut("web");
    },
  },
  {
    title: "a Deployment none of whose pods is ready is MinimumReplicasUnavailable",
    async play(site) {
      await site.create("deployments", web({ env: { HEALTH: "500" } }));
      const deployment = await site.eventually("its pods are counted", async () => {
        const found = await site.deployment("web");
        return found.status.unavailableReplicas === 2 && found.status.updatedReplicas === 2 && found;
      });
      expect(conditions(deployment)["Available"]).to.equal(UNAVAILABLE);
      expect(deployment.status.readyReplicas).to.equal(undefined);
    },
  },
  {
    title: "each step of a rollout is an Event ScalingReplicaSet from the deployment-controller",
    async play(site) {
      await site.create("deployments", web());
      await site.rolledOut("web");
      const first = await newestSet(site);
      await site.change("web", withTag("v2"));
      await site.rolledOut("web");
      const second = await newestSet(site);
      await site.change("web", { spec: { replicas: 3 } });
      await site.rolledOut("web");
      const expected = [
        `Scaled up replica set ${first} from 0 to 2`,
        `Scaled up replica set ${second} from 0 to 1`,
        `Scaled down replica set ${first} from 2 to 1`,
        `Scaled up replica set ${second} from 1 to 2`,
        `Scaled down replica set ${first} from 1 to 0`,
        `Scaled up replica set ${second} from 2 to 3`,
      ].map((message) => `Normal ScalingReplicaSet: ${message}`);
      await site.eventually(
        "the last Event",
        async () => (await site.events("web")).length >= expected.length,
      );
      expect(await eventTexts(site, "web")).to.deep.equal(expected);
      const [event] = await site.events("web");
      const { metadata, firstTimestamp, lastTimestamp, involvedObject, ...rest } = event ?? ({} as never);
      expect(rest).to.deep.equal({
        type: "Normal",
        reason: "ScalingReplicaSet",
        message: `Scaled up replica set ${first} from 0 to 2`,
        count: 1,
        source: { component: "deployment-controller" },
        eventTime: null,
        reportingComponent: "deployment-controller",
        reportingInstance: "",
      });
      expect(lastTimestamp).to.equal(firstTimestamp);
      expect(metadata.name).to.match(/^web\.[0-9a-f]+$/);
      expect(involvedObject).to.include({ kind: "Deployment", name: "web", namespace: site.namespace });
    },
  },
  {
    title: "with the strategy Recreate nothing of the new runs before all of the old is gone",
    async play(site) {
      await site.create("deployments", web({ spec: { strategy: { type: "Recreate" } } }));
      await site.rolledOut("web");
      const first = await newestSet(site);
      await site.change("web", withTag("v2"));
      await site.rolledOut("web");
      const second = await newestSet(site);
      const expected = [
        `Scaled up replica set ${first} from 0 to 2`,
        `Scaled down replica set ${first} from 2 to 0`,
        `Scaled up replica set ${second} from 0 to 2`,
      ].map((message) => `Normal ScalingReplicaSet: ${message}`);
      await site.eventually(
        "the last Event",
        async () => (await site.events("web")).length >= expected.length,
      );
      expect(await eventTexts(site, "web")).to.deep.equal(expected);
    },
  },
  {
    title:
      "pods that a quota forbids are told by the ReplicaFailure of Deployment and ReplicaSet and by FailedCreate, and refused with 403",
    async play(site) {
      await site.create("deployments", web());
      await site.rolledOut("web");
      await site.create("resourcequotas", {
        metadata: { name: "limit" },
        spec: { hard: { pods: "2" } },
      });
      await site.eventually("the quota counts", async () => {
        const { status } = await site.read<{ status?: { used?: { pods?: string } } }>(
          "resourcequotas",
          "limit",
        );
        return status?.used?.pods === "2";
      });
      await site.change("web", withTag("v2"));
      const deployment = await site.eventually("the failure is told", async () => {
        const found = await site.deployment("web");
        return conditions(found)["ReplicaFailure"] !== undefined && found;
      });
      const set = await newestSet(site);
      const why = "exceeded quota: limit, requested: pods=1, used: pods=2, limited: pods=2";
      expect(conditions(deployment)["ReplicaFailure"]).to.match(
        new RegExp(`^True FailedCreate: pods "${set}-[a-z0-9]{5}" is forbidden: ${why}$`),
      );
      const [, failing] = await site.replicaSets();
      expect(failing?.status.conditions?.[0]).to.include({
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
      });
      await site.eventually("an Event", async () => (await site.events(set)).length > 0);
      const [event] = await site.events(set);
      expect(event).to.include({ type: "Warning", reason: "FailedCreate" });
      expect(event?.message).to.match(
        new RegExp(`^Error creating: pods "${set}-[a-z0-9]{5}" is forbidden: ${why}$`),
      );
      expectRefusal(await site.api.request("POST", site.path("pods"), webPod({ name: "alone" })), {
        code: 403,
        reason: "Forbidden",
        message: `pods "alone" is forbidden: ${why}`,
        details: { name: "alone", kind: "pods" },
      });
    },
  },
  {
    title: "a pod that fits on no node waits as Unschedulable, with the Event FailedScheduling",
    async play(site) {
      const resources = { requests: { cpu: "4000" } };
      await site.create("pods", webPod({ container: { resources } }));
      const pod = await site.eventually("the scheduler has tried", async () => {
        const [found] = await site.pods();
        return found?.status.conditions?.some(({ type }) => type === "PodScheduled") && found;
      });
      const condition = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
      expect(pod.status.phase).to.equal("Pending");
      expect(condition).to.include({ status: "False", reason: "Unschedulable" });
      expect(condition?.message).to.match(
        /^0\/(\d+) nodes are available: \1 Insufficient cpu\. no new claims to deallocate, preemption: 0\/\1 nodes are available: \1 Preemption is not helpful for scheduling\.$/,
      );
      await site.eventually("an Event", async () => (await site.events("web")).length > 0);
      const [event] = await site.events("web");
      expect(event).to.include({ type: "Warning", reason: "FailedScheduling", message: condition?.message });
      expect(event).to.include({ reportingComponent: "default-scheduler" });
    },
  },
  {
    title:
      "an eviction is taken with 201 as long as the disruption budget allows it, and refused with 429 when not",
    async play(site) {
      await site.create("deployments", web());
      await site.create("poddisruptionbudgets", {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "web" },
        spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
      });
      await site.rolledOut("web");
      await site.eventually("the budget counts", async () => {
        const { status } = await site.read<{ status?: { currentHealthy?: number } }>(
          "poddisruptionbudgets",
          "web",
        );
        return status?.currentHealthy === 2;
      });
      const [pod] = await site.pods();
      const name = pod?.metadata.name ?? "";
      const evict = () =>
        site.api.request("POST", site.path("pods", name, "eviction"), {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name, namespace: site.namespace },
        });
      expectRefusal(await evict(), {
        code: 429,
        reason: "TooManyRequests",
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: "DisruptionBudget",
              message: "The disruption budget web needs 2 healthy pods and has 2 currently",
            },
          ],
        },
      });
      await site.change("web", { spec: { replicas: 3 } });
      await site.rolledOut("web");
      const taken = await site.eventually("the budget allows one", async () => {
        const answer = await evict();
        return answer.code !== 429 && answer;
      });
      expect([taken.code, taken.body]).to.deep.equal([
        201,
        { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 },
      ]);
      await site.eventually("the pod is replaced", async () => {
        const pods = await site.pods();
        return pods.every(({ metadata }) => metadata.name !== name) && pods.length === 3;
      });
    },
  },
];
