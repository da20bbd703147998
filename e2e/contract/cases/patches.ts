// JSON Patch, by which the operator acts and writes status: what it changes, when it is refused.

import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { ContractCase } from "../contract-case.ts";
import { expectRefusal, modifiedMeanwhile, notFound, REJECTED_PATCH } from "../expectations.ts";
import { configMap, web } from "../manifests.ts";
import type { Site } from "../site.ts";

/** A Deployment that no controller touches any more: paused, and seen as such. */
async function quietDeployment(site: Site, annotations?: Readonly<Record<string, string>>) {
  await site.create(
    "deployments",
    web({ spec: { paused: true, replicas: 0 }, ...(annotations && { annotations }) }),
  );
  return site.eventually("the controller has seen the Deployment", async () => {
    const deployment = await site.deployment("web");
    return deployment.status.conditions?.some(({ type }) => type === "Available") && deployment;
  });
}

const IMAGE = "/spec/template/spec/containers/0/image";

export const PATCHES: readonly ContractCase[] = [
  {
    title:
      "a JSON Patch whose tests of uid and generation hold changes what it says, and raises the generation by one",
    async play(site) {
      const before = await quietDeployment(site);
      const { uid, generation } = before.metadata;
      const { code, body } = await site.jsonPatch<Deployment>(site.path("deployments", "web"), [
        { op: "test", path: "/metadata/uid", value: uid },
        { op: "test", path: "/metadata/generation", value: generation },
        { op: "replace", path: IMAGE, value: "web:2" },
      ]);
      expect(code).to.equal(200);
      const { metadata, spec, ...rest } = body;
      expect(metadata.generation).to.equal(Number(generation) + 1);
      expect(metadata.resourceVersion).to.not.equal(before.metadata.resourceVersion);
      const [container] = before.spec.template.spec.containers;
      const template = {
        ...before.spec.template,
        spec: { ...before.spec.template.spec, containers: [{ ...container, image: "web:2" }] },
      };
      expect(spec).to.deep.equal({ ...before.spec, template });
      expect(rest).to.deep.equal({ apiVersion: "apps/v1", kind: "Deployment", status: before.status });
    },
  },
  {
    title: "a JSON Patch is refused with 422 and changes nothing when a test fails or a path is missing",
    async play(site) {
      const before = await quietDeployment(site);
      const path = site.path("deployments", "web");
      const { uid, generation } = before.metadata;
      const harm = { op: "replace", path: IMAGE, value: "web:2" };
      for (const operations of [
        [{ op: "test", path: "/metadata/generation", value: Number(generation) + 1 }, harm],
        [{ op: "test", path: "/metadata/generation", value: String(generation) }, harm],
        [{ op: "test", path: "/metadata/uid", value: `${uid}0` }, harm],
        [{ op: "test", path: "/metadata/resourceVersion", value: "1" }, harm],
        [{ op: "test", path: "/metadata/nothing", value: "x" }, harm],
        [harm, { op: "test", path: "/metadata/uid", value: "other" }],
        [{ op: "test", path: "/metadata/nothing/below", value: null }, harm],
        [harm, { op: "replace", path: "/metadata/nothing/below", value: "x" }],
        [harm, { op: "remove", path: "/metadata/nothing" }],
        [harm, { op: "remove", path: "/metadata/annotations/not-there" }],
        [harm, { op: "add", path: "/metadata/nothing/below", value: "x" }],
        [harm, { op: "replace", path: "/spec/template/spec/containers/7/image", value: "x" }],
        [harm, { op: "add", path: "/spec/template/spec/containers/7", value: {} }],
      ]) {
        expectRefusal(await site.jsonPatch(path, operations), REJECTED_PATCH);
      }
      expect(await site.deployment("web")).to.deep.equal(before);
    },
  },
  {
    title: "a test of what is not there holds against null",
    async play(site) {
      const before = await quietDeployment(site);
      const { code, body } = await site.jsonPatch(site.path("deployments", "web"), [
        { op: "test", path: "/metadata/deletionTimestamp", value: null },
      ]);
      expect({ code, body }).to.deep.equal({ code: 200, body: before });
    },
  },
  {
    title: "a replace of a member that is not there adds it",
    async play(site) {
      await site.create("configmaps", configMap("settings", { a: "1" }));
      const { code, body } = await site.jsonPatch(site.path("configmaps", "settings"), [
        { op: "replace", path: "/data/b", value: "2" },
      ]);
      expect([code, body["data"]]).to.deep.equal([200, { a: "1", b: "2" }]);
    },
  },
  {
    title: "a patch that changes nothing leaves generation and resourceVersion as they are",
    async play(site) {
      const before = await quietDeployment(site);
      const image = before.spec.template.spec.containers[0]?.image;
      const path = site.path("deployments", "web");
      const json = await site.jsonPatch(path, [{ op: "replace", path: IMAGE, value: image }]);
      expect(json).to.deep.include({ code: 200, body: before });
      const merge = await site.api.request(
        "PATCH",
        path,
        { spec: { replicas: 0 } },
        "application/merge-patch+json",
      );
      expect(merge).to.deep.include({ code: 200, body: before });
    },
  },
  {
    title:
      "annotations are patched one by one under escaped keys; at a Deployment that raises the generation",
    async play(site) {
      const before = await quietDeployment(site, { "example.com/owner": "shop", "example.com/a-b": "c" });
      const path = site.path("deployments", "web");
      const { code, body } = await site.jsonPatch(path, [
        { op: "add", path: "/metadata/annotations/rolloutguard.io~1incident", value: "web-bad" },
        { op: "remove", path: "/metadata/annotations/example.com~1a-b" },
      ]);
      expect(code).to.equal(200);
      const { "example.com/a-b": _gone, ...kept } = before.metadata.annotations ?? {};
      expect(body.metadata.annotations).to.deep.equal({ ...kept, "rolloutguard.io/incident": "web-bad" });
      expect(body.metadata.generation).to.equal(Number(before.metadata.generation) + 1);
      expect(body.spec).to.deep.equal(before.spec);
    },
  },
  {
    title: "labels of a Deployment are patched without raising its generation",
    async play(site) {
      const before = await quietDeployment(site);
      const { code, body } = await site.jsonPatch(site.path("deployments", "web"), [
        { op: "add", path: "/metadata/labels/tier", value: "front" },
      ]);
      expect([code, body.metadata.generation]).to.deep.equal([200, before.metadata.generation]);
      expect(body.metadata.resourceVersion).to.not.equal(before.metadata.resourceVersion);
    },
  },
  {
    title: "an annotation cannot be added where there is no map of annotations; the map can",
    async play(site) {
      await site.create("configmaps", configMap("settings"));
      const path = site.path("configmaps", "settings");
      const add = { op: "add", path: "/metadata/annotations/owner", value: "shop" };
      expectRefusal(await site.jsonPatch(path, [add]), REJECTED_PATCH);
      const { code, body } = await site.jsonPatch(path, [
        { op: "add", path: "/metadata/annotations", value: { owner: "shop" } },
      ]);
      expect(code).to.equal(200);
      expect(body.metadata.annotations).to.deep.equal({ owner: "shop" });
    },
  },
  {
    title: "an annotation that is no text is refused",
    async play(site) {
      await site.create("configmaps", configMap("settings", {}, { annotations: { owner: "shop" } }));
      const path = site.path("configmaps", "settings");
      const answer = await site.jsonPatch<{ message: string; reason: string }>(path, [
        { op: "add", path: "/metadata/annotations/count", value: 1 },
      ]);
      expect({ code: answer.code, reason: answer.body.reason }).to.deep.equal({
        code: 422,
        reason: "Invalid",
      });
      expect(answer.body.message).to.include("cannot unmarshal number");
    },
  },
  {
    title: "a patch may set the resourceVersion it was made for, and is refused with 409 for another",
    async play(site) {
      const before = await quietDeployment(site);
      const path = site.path("deployments", "web");
      const stale = [
        { op: "replace", path: "/metadata/resourceVersion", value: "1" },
        { op: "add", path: "/metadata/labels/tier", value: "front" },
      ];
      expectRefusal(await site.jsonPatch(path, stale), modifiedMeanwhile("deployments.apps", "web"));
      const merge = {
        metadata: { resourceVersion: before.metadata.resourceVersion, labels: { tier: "front" } },
      };
      const { code } = await site.api.request("PATCH", path, merge, "application/merge-patch+json");
      expect(code).to.equal(200);
      const again = await site.api.request("PATCH", path, merge, "application/merge-patch+json");
      expectRefusal(again, modifiedMeanwhile("deployments.apps", "web"));
    },
  },
  {
    title: "uid, name and namespace cannot be patched, and the generation that a patch sets is not taken",
    async play(site) {
      const before = await quietDeployment(site);
      const path = site.path("deployments", "web");
      const set = (field: string, value: unknown) =>
        site.jsonPatch<{ message: string }>(path, [{ op: "replace", path: `/metadata/${field}`, value }]);
      const generation = await set("generation", 99);
      expect(generation).to.deep.include({ code: 200, body: before });
      const uid = await set("uid", "other");
      expect(uid.code).to.equal(422);
      expect(uid.body.message).to.equal(
        'Deployment.apps "web" is invalid: metadata.uid: Invalid value: "other": field is immutable',
      );
      expect((await set("name", "other")).code).to.equal(400);
      expect((await set("namespace", "other")).code).to.equal(400);
    },
  },
  {
    title: "a patch of what is not there is refused with 404, whatever it tests",
    async play(site) {
      const operations = [{ op: "test", path: "/metadata/uid", value: "x" }];
      expectRefusal(
        await site.jsonPatch(site.path("deployments", "web"), operations),
        notFound("deployments.apps", "web"),
      );
      expectRefusal(
        await site.jsonPatch(site.path("rolloutguards", "web", "status"), operations),
        notFound("rolloutguards.rolloutguard.io", "web"),
      );
      expectRefusal(
        await site.jsonPatch(site.path("events", "web.1"), operations),
        notFound("events", "web.1"),
      );
    },
  },
  {
    title: "a template that cannot be is refused by name of the field, and nothing is changed",
    async play(site) {
      const before = await quietDeployment(site);
      const answer = await site.jsonPatch(site.path("deployments", "web"), [
        { op: "replace", path: "/spec/template/metadata/labels", value: { app: "other" } },
      ]);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          'Deployment.apps "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`',
        details: {
          name: "web",
          group: "apps",
          kind: "Deployment",
          causes: [
            {
              reason: "FieldValueInvalid",
              message: 'Invalid value: {"app":"other"}: `selector` does not match template `labels`',
              field: "spec.template.metadata.labels",
            },
          ],
        },
      });
      expect(await site.deployment("web")).to.deep.equal(before);
    },
  },
];
