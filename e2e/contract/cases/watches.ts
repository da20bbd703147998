// Watches: what comes, in which order, as of which version, and how they end.

import type { KubeObject, Pod } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { OpenWatch, Status } from "../api.ts";
import type { ContractCase } from "../contract-case.ts";
import { configMap, incident, web } from "../manifests.ts";
import type { Site } from "../site.ts";

const NO_ROOT = "fieldSelector=metadata.name%21%3Dkube-root-ca.crt";

/** "ADDED c1", but for bookmarks. */
function reported(watch: OpenWatch): readonly string[] {
  return watch.lines
    .filter(({ type }) => type !== "BOOKMARK")
    .map(({ type, object }) => `${type} ${object.metadata?.name ?? ""}`);
}

async function lines(site: Site, watch: OpenWatch, count: number): Promise<readonly string[]> {
  await site.eventually(`${count} lines of the watch`, () => reported(watch).length >= count);
  return reported(watch);
}

const versionsOf = (watch: OpenWatch) =>
  watch.lines.map(({ object }) => Number(object.metadata.resourceVersion));

/** The state to watch from. */
async function nowOf(site: Site): Promise<string> {
  return (await site.list("configmaps")).metadata.resourceVersion;
}

export const WATCHES: readonly ContractCase[] = [
  {
    title:
      "a watch from a list's version brings every later change once, in order, each with its own version",
    async play(site) {
      const from = await nowOf(site);
      const watch = await site.watch("configmaps", `resourceVersion=${from}&${NO_ROOT}`);
      const created = await site.create("configmaps", configMap("c1", { a: "1" }));
      const path = site.path("configmaps", "c1");
      const { body: changed } = await site.jsonPatch(path, [{ op: "replace", path: "/data/a", value: "2" }]);
      await site.api.request("DELETE", path);
      await site.create("configmaps", configMap("c1"));
      expect(await lines(site, watch, 4)).to.deep.equal([
        "ADDED c1",
        "MODIFIED c1",
        "DELETED c1",
        "ADDED c1",
      ]);
      const [added, modified, deleted] = watch.lines.map(({ object }) => object);
      expect(added).to.deep.equal(created);
      expect(modified).to.deep.equal(changed);
      // Deleted, an object has the version of its deletion.
      expect(deleted).to.deep.equal({
        ...changed,
        metadata: { ...changed.metadata, resourceVersion: deleted?.metadata.resourceVersion },
      });
      const versions = versionsOf(watch);
      expect(versions).to.deep.equal([...new Set(versions)].toSorted((a, b) => a - b));
    },
  },
  {
    title: "a watch from an earlier version brings at once what was missed",
    async play(site) {
      const from = await nowOf(site);
      await site.create("configmaps", configMap("c1"));
      await site.api.request("DELETE", site.path("configmaps", "c1"));
      const watch = await site.watch("configmaps", `resourceVersion=${from}&${NO_ROOT}`);
      expect(await lines(site, watch, 2)).to.deep.equal(["ADDED c1", "DELETED c1"]);
    },
  },
  {
    title: "a watch from version 0 brings what is there as ADDED, and then the changes",
    async play(site) {
      await site.create("configmaps", configMap("c1"));
      const watch = await site.watch("configmaps", `resourceVersion=0&${NO_ROOT}`);
      await lines(site, watch, 1);
      await site.api.request("DELETE", site.path("configmaps", "c1"));
      expect(await lines(site, watch, 2)).to.deep.equal(["ADDED c1", "DELETED c1"]);
    },
  },
  {
    title:
      "what leaves the selection of a watch is DELETED in its last selected state, with the version of the change; what enters it is ADDED",
    async play(site) {
      const from = await nowOf(site);
      const watch = await site.watch("configmaps", `resourceVersion=${from}&labelSelector=on%3Dtrue`);
      const path = site.path("configmaps", "c1");
      const label = (value: string) =>
        site.jsonPatch(path, [{ op: "replace", path: "/metadata/labels/on", value }]);
      const created = await site.create("configmaps", configMap("c1", {}, { labels: { on: "true" } }));
      const { body: left } = await label("false");
      await site.jsonPatch(path, [{ op: "add", path: "/data", value: { a: "unseen" } }]);
      const { body: back } = await label("true");
      expect(await lines(site, watch, 3)).to.deep.equal(["ADDED c1", "DELETED c1", "ADDED c1"]);
      const [, deleted, added] = watch.lines.map(({ object }) => object);
      const { resourceVersion } = left.metadata;
      expect(deleted).to.deep.equal({ ...created, metadata: { ...created.metadata, resourceVersion } });
      expect(added).to.deep.equal(back);
    },
  },
  {
    title: "a watch by field shows only what has it: Events that warn, one object by its name",
    async play(site) {
      const from = (await site.list("events")).metadata.resourceVersion;
      const warnings = await site.watch("events", `resourceVersion=${from}&fieldSelector=type%3DWarning`);
      const one = await site.watch("events", `resourceVersion=${from}&fieldSelector=metadata.name%3Dnormal`);
      for (const type of ["Normal", "Warning"]) {
        await site.create("events", {
          metadata: { name: type.toLowerCase() },
          involvedObject: { kind: "Pod", name: "web", namespace: site.namespace },
          type,
        });
      }
      expect(await lines(site, warnings, 1)).to.deep.equal(["ADDED warning"]);
      expect(await lines(site, one, 1)).to.deep.equal(["ADDED normal"]);
    },
  },
  {
    title:
      "the lines of a watch name kind and apiVersion first, then the metadata in the order that the operator reads",
    async play(site) {
      await site.create("configmaps", configMap("c1"));
      await site.create("incidents", incident());
      const maps = await site.watch("configmaps", `resourceVersion=0&${NO_ROOT}`);
      await lines(site, maps, 1);
      const [object] = maps.lines.map((line) => line.object);
      expect(Object.keys(object ?? {})).to.deep.equal(["kind", "apiVersion", "metadata"]);
      expect(Object.keys(object?.metadata ?? {}).slice(0, 5)).to.deep.equal([
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp",
      ]);
      // Of custom resources a real server sorts the fields; the operator reads those in any order.
      const incidents = await site.watch("incidents", "resourceVersion=0");
      await lines(site, incidents, 1);
      const fields = Object.keys(incidents.lines[0]?.object ?? {});
      expect(fields).to.have.members(["apiVersion", "kind", "metadata", "spec"]);
    },
  },
  {
    title:
      "a watch ends by itself after timeoutSeconds, and with bookmarks wanted says shortly before where it stands",
    async play(site) {
      const from = await nowOf(site);
      const watch = await site.watch(
        "configmaps",
        `resourceVersion=${from}&timeoutSeconds=4&allowWatchBookmarks=true`,
      );
      await site.create("configmaps", configMap("c1"));
      await site.eventually("the watch has ended", () => watch.hasEnded(), 20_000);
      const bookmarks = watch.lines.filter(({ type }) => type === "BOOKMARK");
      expect(bookmarks).to.not.have.length(0);
      const { kind, apiVersion, metadata, ...rest } = bookmarks.at(-1)?.object ?? ({} as KubeObject);
      expect([kind, apiVersion]).to.deep.equal(["ConfigMap", "v1"]);
      const { resourceVersion, creationTimestamp, ...noMore } = metadata as Partial<KubeObject["metadata"]>;
      expect([creationTimestamp ?? null, noMore]).to.deep.equal([null, {}]);
      expect(Number(resourceVersion)).to.be.at.least(Number(from));
      expect(rest).to.not.have.any.keys("data", "spec");
    },
  },
  {
    title: "a watch without bookmarks wanted says nothing but changes until it ends",
    async play(site) {
      const from = await nowOf(site);
      const watch = await site.watch("configmaps", `resourceVersion=${from}&timeoutSeconds=3&${NO_ROOT}`);
      await site.eventually("the watch has ended", () => watch.hasEnded(), 20_000);
      expect(watch.lines).to.deep.equal([]);
    },
  },
  {
    title: "a watch from a version that is forgotten is accepted, says ERROR with code 410, and ends",
    async play(site) {
      // No server remembers what was before the CRD.
      const watch = await site.watch<Status>("rolloutguards", "resourceVersion=1");
      await site.eventually("the watch has ended", () => watch.hasEnded());
      expect(watch.code).to.equal(200);
      const [line] = watch.lines;
      expect(line?.type).to.equal("ERROR");
      expect(line?.object.message).to.match(/^too old resource version: 1 \(\d+\)$/);
      expect({ ...line?.object, message: "" }).to.deep.equal({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: "",
        reason: "Expired",
        code: 410,
      });
    },
  },
  {
    title:
      "a watch that wants a list first brings what is there, and then a bookmark that says that it was all",
    async play(site) {
      await site.create("configmaps", configMap("c1"));
      const watch = await site.watch(
        "configmaps",
        `sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&${NO_ROOT}`,
      );
      await site.eventually("two lines", () => watch.lines.length >= 2 || watch.hasEnded());
      // etcd before 3.4.31 and 3.5.13 does not have what this needs; the operator does without.
      if (JSON.stringify(watch.lines).includes("RequestWatchProgress is disabled")) return;
      // More bookmarks may follow.
      const [first, second] = watch.lines;
      expect([first?.type, second?.type]).to.deep.equal(["ADDED", "BOOKMARK"]);
      expect(second?.object.metadata.annotations).to.deep.equal({ "k8s.io/initial-events-end": "true" });
    },
  },
  {
    title: "a watch with options that contradict each other is refused with 422",
    async play(site) {
      const { code, body } = await site.api.request<Status>(
        "GET",
        `${site.path("configmaps")}?watch=true&sendInitialEvents=true`,
      );
      expect([code, body.reason]).to.deep.equal([422, "Invalid"]);
      expect(body.message).to.equal(
        'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    },
  },
  {
    title: "a namespace that is deleted takes its objects with it, one by one, for a watch that stays open",
    async play(site) {
      await site.create("configmaps", configMap("c1"));
      await site.create("incidents", incident());
      const watch = await site.watch("configmaps", `resourceVersion=0&${NO_ROOT}`);
      const incidents = await site.watch("incidents", "resourceVersion=0");
      await site.api.request("DELETE", `/api/v1/namespaces/${site.namespace}`);
      expect(await lines(site, watch, 2)).to.deep.equal(["ADDED c1", "DELETED c1"]);
      expect(await lines(site, incidents, 2)).to.deep.equal(["ADDED web-bad", "DELETED web-bad"]);
      expect(watch.hasEnded()).to.equal(false);
    },
  },
  {
    title: "a pod that is deleted is first MODIFIED with a deletionTimestamp, then DELETED",
    async play(site) {
      await site.create("deployments", web({ spec: { replicas: 1 } }));
      await site.rolledOut("web");
      const [pod] = await site.pods();
      const { metadata } = await site.list("pods");
      const name = pod?.metadata.name ?? "";
      const selector = `fieldSelector=metadata.name%3D${name}`;
      const watch = await site.watch<Pod>("pods", `resourceVersion=${metadata.resourceVersion}&${selector}`);
      await site.api.request("DELETE", site.path("pods", name));
      await site.eventually("the pod is gone", () => watch.lines.some(({ type }) => type === "DELETED"));
      const [first] = watch.lines;
      expect(first?.type).to.equal("MODIFIED");
      expect(first?.object.metadata.deletionGracePeriodSeconds).to.equal(1);
      expect(first?.object.metadata.generation).to.equal(Number(pod?.metadata.generation) + 1);
      expect(watch.lines.at(-1)?.object.metadata).to.have.property("deletionTimestamp");
    },
  },
];
