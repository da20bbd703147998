// Creating, updating, deleting: conflicts, preconditions, and what is said of what is not there.

import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { Status } from "../api.ts";
import type { ContractCase } from "../contract-case.ts";
import { expectRefusal, modifiedMeanwhile, notFound } from "../expectations.ts";
import { configMap, incident, web } from "../manifests.ts";

export const WRITES: readonly ContractCase[] = [
  {
    title:
      "a created object comes back with uid, resourceVersion, creationTimestamp, and generation 1 where it has a spec",
    async play(site) {
      const map = await site.create("configmaps", configMap("settings", { a: "1" }));
      expect(map.metadata.generation).to.equal(undefined);
      const { metadata, spec } = await site.create(
        "deployments",
        web({ spec: { paused: true, replicas: 0 } }),
      );
      expect(metadata.generation).to.equal(1);
      expect(metadata.uid).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(metadata.resourceVersion).to.match(/^[1-9]\d*$/);
      expect(metadata.creationTimestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(spec).to.deep.include({
        progressDeadlineSeconds: 600,
        revisionHistoryLimit: 10,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
      });
    },
  },
  {
    title: "a name that is taken is refused with 409 AlreadyExists",
    async play(site) {
      for (const [plural, qualified, manifest] of [
        ["configmaps", "configmaps", configMap("web-bad")],
        ["incidents", "incidents.rolloutguard.io", incident()],
      ] as const) {
        await site.create(plural, manifest);
        const [kind = "", ...group] = qualified.split(".");
        expectRefusal(await site.api.request("POST", site.path(plural), manifest), {
          code: 409,
          reason: "AlreadyExists",
          message: `${qualified} "web-bad" already exists`,
          details: { name: "web-bad", ...(group.length > 0 && { group: group.join(".") }), kind },
        });
      }
    },
  },
  {
    title: "an update with an old resourceVersion is refused with 409 Conflict, one without any is taken",
    async play(site) {
      const first = await site.create("configmaps", configMap("settings", { a: "1" }));
      const path = site.path("configmaps", "settings");
      const put = (data: object, resourceVersion?: string) => {
        const { resourceVersion: _former, ...metadata } = first.metadata;
        const body = {
          ...first,
          data,
          metadata: { ...metadata, ...(resourceVersion && { resourceVersion }) },
        };
        return site.api.request("PUT", path, body);
      };
      expect((await put({ a: "2" }, first.metadata.resourceVersion)).code).to.equal(200);
      expectRefusal(
        await put({ a: "3" }, first.metadata.resourceVersion),
        modifiedMeanwhile("configmaps", "settings"),
      );
      const blind = await put({ a: "4" });
      expect([blind.code, blind.body["data"]]).to.deep.equal([200, { a: "4" }]);
    },
  },
  {
    title: "an update of another object of the same name is refused by its uid",
    async play(site) {
      const { metadata } = await site.create("configmaps", configMap("settings"));
      const other = configMap("settings", {}, { uid: "00000000-0000-4000-8000-000000000000" });
      expectRefusal(await site.api.request("PUT", site.path("configmaps", "settings"), other), {
        code: 409,
        reason: "Conflict",
        message: `Operation cannot be fulfilled on configmaps "settings": StorageError: invalid object, Code: 4, Key: /registry/configmaps/${site.namespace}/settings, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: 00000000-0000-4000-8000-000000000000, UID in object meta: ${metadata.uid}`,
        details: { name: "settings", kind: "configmaps" },
      });
    },
  },
  {
    title: "an update that changes nothing keeps the resourceVersion",
    async play(site) {
      const first = await site.create("configmaps", configMap("settings", { a: "1" }));
      const { body } = await site.api.request("PUT", site.path("configmaps", "settings"), first);
      expect(body).to.deep.equal(first);
    },
  },
  {
    title: "a delete with another uid or resourceVersion is refused with 409, and with the right ones done",
    async play(site) {
      const { metadata } = await site.create("configmaps", configMap("settings"));
      const { uid, resourceVersion } = metadata;
      const remove = (preconditions: object) =>
        site.api.request<Status>("DELETE", site.path("configmaps", "settings"), {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions,
        });
      const refusal = { code: 409, reason: "Conflict", details: { name: "settings", kind: "ConfigMap" } };
      const start = 'Operation cannot be fulfilled on ConfigMap "settings": the';
      expectRefusal(await remove({ uid: "other" }), {
        ...refusal,
        message: `${start} UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
      });
      expectRefusal(await remove({ uid, resourceVersion: "1" }), {
        ...refusal,
        message: `${start} ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
      });
      const { code, body } = await remove({ uid, resourceVersion });
      expect({ code, body }).to.deep.equal({
        code: 200,
        body: {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Success",
          details: { name: "settings", kind: "configmaps", uid },
        },
      });
      expectRefusal(await remove({ uid }), notFound("configmaps", "settings"));
    },
  },
  {
    title: "what is not there is answered with 404 NotFound, and an unknown path with the bare text",
    async play(site) {
      for (const [plural, qualified] of [
        ["deployments", "deployments.apps"],
        ["pods", "pods"],
        ["incidents", "incidents.rolloutguard.io"],
        ["endpointslices", "endpointslices.discovery.k8s.io"],
      ] as const) {
        const answer = await site.api.request("GET", site.path(plural, "nothing"));
        expectRefusal(answer, notFound(qualified, "nothing"));
      }
      for (const path of ["/nothing", "/apis/none.example.com/v1/things"]) {
        const { code, body } = await site.api.request<object>("GET", path);
        expect({ code, body }).to.deep.equal({ code: 404, body: { text: "404 page not found\n" } });
      }
      expectRefusal(await site.api.request("GET", `/api/v1/namespaces/${site.namespace}/nothings`), {
        code: 404,
        reason: "NotFound",
        message: "the server could not find the requested resource",
        details: {},
      });
    },
  },
  {
    title: "nothing can be created in a namespace that does not exist, and its lists are empty",
    async play(site) {
      const path = `/api/v1/namespaces/${site.namespace}-not/configmaps`;
      expectRefusal(await site.api.request("POST", path, configMap("settings")), {
        ...notFound("namespaces", `${site.namespace}-not`),
      });
      const { code, body } = await site.api.request<{ items: unknown[] }>("GET", path);
      expect([code, body.items]).to.deep.equal([200, []]);
    },
  },
  {
    title: "an object with a finalizer stays, with a deletionTimestamp, until its finalizers are removed",
    async play(site) {
      await site.create("configmaps", configMap("settings", {}, { finalizers: ["example.com/wait"] }));
      const path = site.path("configmaps", "settings");
      const { code, body } = await site.api.request<KubeObject>("DELETE", path);
      expect([code, body.kind]).to.deep.equal([200, "ConfigMap"]);
      expect(body.metadata.deletionTimestamp).to.match(/Z$/);
      expect(body.metadata.deletionGracePeriodSeconds).to.equal(0);
      const released = await site.jsonPatch(path, [{ op: "remove", path: "/metadata/finalizers" }]);
      expect(released.code).to.equal(200);
      expectRefusal(await site.api.request("GET", path), notFound("configmaps", "settings"));
    },
  },
  {
    title: "a Deployment that is being deleted has one generation more",
    async play(site) {
      const manifest = web({ spec: { paused: true, replicas: 0 } });
      const created = await site.create("deployments", {
        ...manifest,
        metadata: { ...manifest.metadata, finalizers: ["example.com/wait"] },
      });
      const path = site.path("deployments", "web");
      const { body } = await site.api.request("DELETE", path);
      expect(body.metadata.generation).to.equal(Number(created.metadata.generation) + 1);
      await site.jsonPatch(path, [{ op: "remove", path: "/metadata/finalizers" }]);
    },
  },
  {
    title: "an Event about an object is taken and counted up by a JSON Patch",
    async play(site) {
      const event = {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "web.1", namespace: site.namespace },
        involvedObject: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "web",
          namespace: site.namespace,
          uid: "u",
        },
        type: "Warning",
        reason: "RollingBack",
        message: "Rolled back to 3.",
        count: 1,
        firstTimestamp: "2026-03-01T12:00:00Z",
        lastTimestamp: "2026-03-01T12:00:00Z",
        source: { component: "rolloutguard" },
        reportingComponent: "rolloutguard.io",
        reportingInstance: "rolloutguard-0",
      };
      const { metadata, eventTime, ...rest } = (await site.create("events", event)) as KubeObject & {
        eventTime: null;
      };
      const { metadata: _meta, ...sent } = event;
      expect(rest).to.deep.equal(sent);
      expect(eventTime).to.equal(null);
      expect(metadata.name).to.equal("web.1");
      const { code, body } = await site.jsonPatch(site.path("events", "web.1"), [
        { op: "replace", path: "/count", value: 2 },
        { op: "replace", path: "/lastTimestamp", value: "2026-03-01T12:10:00Z" },
      ]);
      expect(code).to.equal(200);
      expect(body).to.include({ count: 2, lastTimestamp: "2026-03-01T12:10:00Z" });
    },
  },
  {
    title: "an Event about an object of another namespace is refused",
    async play(site) {
      const event = (involvedNamespace: string, message: string) => ({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "web.1" },
        involvedObject: { kind: "Deployment", name: "web", namespace: involvedNamespace },
        message,
        reason: "R",
        type: "Normal",
      });
      const post = (body: object) => site.api.request<Status>("POST", site.path("events"), body);
      const elsewhere = await post(event("default", "m"));
      expect(elsewhere.code).to.equal(422);
      expect(elsewhere.body.message).to.equal(
        'Event "web.1" is invalid: involvedObject.namespace: Invalid value: "default": does not match event.namespace',
      );
    },
  },
  {
    title: "a namespace that is being deleted takes nothing new, and names that as the cause",
    async play(site) {
      const held = configMap("held");
      const finalizers = ["example.com/hold"];
      await site.create("configmaps", { ...held, metadata: { name: "held", finalizers } });
      const { namespace } = site;
      await site.api.request("DELETE", `/api/v1/namespaces/${namespace}`);
      expectRefusal(await site.api.request("POST", site.path("configmaps"), configMap("late")), {
        code: 403,
        reason: "Forbidden",
        message: `configmaps "late" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
        details: {
          name: "late",
          kind: "configmaps",
          causes: [
            {
              reason: "NamespaceTerminating",
              message: `namespace ${namespace} is being terminated`,
              field: "metadata.namespace",
            },
          ],
        },
      });
      await site.jsonPatch(site.path("configmaps", "held"), [{ op: "remove", path: "/metadata/finalizers" }]);
    },
  },
];
