// Lists: pages, versions and selectors.

import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { Api, Status } from "../api.ts";
import type { ContractCase } from "../contract-case.ts";
import { expectRefusal } from "../expectations.ts";
import { configMap, guard } from "../manifests.ts";
import type { List, Site } from "../site.ts";

/** Five ConfigMaps beside the one that every namespace has: its name comes last. */
async function fiveMaps(site: Site): Promise<void> {
  for (const n of [1, 2, 3, 4, 5]) {
    await site.create("configmaps", configMap(`c${n}`, {}, { labels: { odd: String(n % 2 === 1) } }));
  }
  await site.eventually("the namespace has the root certificate", async () => {
    const { items } = await site.list("configmaps");
    return items.length === 6;
  });
}

const names = (items: readonly KubeObject[]) => items.map(({ metadata }) => metadata.name);

const EXPIRED = {
  code: 410,
  reason: "Expired",
  message:
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
};

function pageOf(api: Api, site: Site, query: string) {
  return api.request<List<KubeObject> & Status>("GET", `${site.path("configmaps")}?${query}`);
}

export const LISTS: readonly ContractCase[] = [
  {
    title: "a list in pages comes by name, all of one state, with what remains and the state to watch from",
    async play(site) {
      await fiveMaps(site);
      const first = await site.list("configmaps", "limit=2");
      expect(names(first.items)).to.deep.equal(["c1", "c2"]);
      const { resourceVersion, continue: token = "", remainingItemCount } = first.metadata;
      expect(remainingItemCount).to.equal(4);
      await site.create("configmaps", configMap("c3x"));
      await site.api.request("DELETE", site.path("configmaps", "c4"));
      const second = await site.list("configmaps", `limit=3&continue=${encodeURIComponent(token)}`);
      expect(names(second.items)).to.deep.equal(["c3", "c4", "c5"]);
      expect(second.metadata).to.deep.include({ resourceVersion, remainingItemCount: 1 });
      const rest = encodeURIComponent(second.metadata.continue ?? "");
      const last = await site.list("configmaps", `limit=3&continue=${rest}`);
      expect(names(last.items)).to.deep.equal(["kube-root-ca.crt"]);
      expect(last.metadata).to.deep.equal({ resourceVersion });
    },
  },
  {
    title: "the items of a list say neither kind nor apiVersion; those of custom resources do",
    async play(site) {
      await site.create("configmaps", configMap("c1"));
      const maps = await site.list("configmaps");
      expect([maps.kind, maps.apiVersion]).to.deep.equal(["ConfigMapList", "v1"]);
      expect(Object.keys(maps.items[0] ?? {}).slice(0, 1)).to.deep.equal(["metadata"]);
      await site.create("rolloutguards", guard());
      const guards = await site.list("rolloutguards");
      expect([guards.kind, guards.apiVersion]).to.deep.equal([
        "RolloutGuardList",
        "rolloutguard.io/v1alpha1",
      ]);
      expect(guards.items[0]).to.include({ kind: "RolloutGuard", apiVersion: "rolloutguard.io/v1alpha1" });
    },
  },
  {
    title: "an empty list has items and a resourceVersion",
    async play(site) {
      for (const plural of ["deployments", "rolloutguards"] as const) {
        const { items, metadata } = await site.list(plural);
        expect(items).to.deep.equal([]);
        expect(metadata.resourceVersion).to.match(/^[1-9]\d*$/);
      }
    },
  },
  {
    title: "with a selector a page says not how many remain, and leaves out what is not selected",
    async play(site) {
      await fiveMaps(site);
      const { items, metadata } = await site.list("configmaps", "limit=2&labelSelector=odd%3Dtrue");
      expect(names(items)).to.deep.equal(["c1", "c3"]);
      expect(metadata.continue).to.be.a("string");
      expect(metadata.remainingItemCount).to.equal(undefined);
      for (const [selector, selected] of [
        ["odd in (true)", ["c1", "c3", "c5"]],
        ["odd notin (true)", ["c2", "c4", "kube-root-ca.crt"]],
        ["odd", ["c1", "c2", "c3", "c4", "c5"]],
        ["!odd", ["kube-root-ca.crt"]],
        ["odd!=true,odd", ["c2", "c4"]],
      ] as const) {
        const list = await site.list("configmaps", `labelSelector=${encodeURIComponent(selector)}`);
        expect(names(list.items), selector).to.deep.equal(selected);
      }
    },
  },
  {
    title: "a field selector takes the fields that the resource knows, and refuses others",
    async play(site) {
      await fiveMaps(site);
      const one = await site.list("configmaps", "fieldSelector=metadata.name%3Dc2");
      expect(names(one.items)).to.deep.equal(["c2"]);
      const refusal = (message: string) => ({ code: 400, reason: "BadRequest", message });
      expectRefusal(
        await pageOf(site.api, site, "fieldSelector=data.x%3Db"),
        refusal('"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"'),
      );
      expectRefusal(
        await site.api.request("GET", `${site.path("events")}?fieldSelector=count%3D1`),
        refusal("field label not supported: count"),
      );
      expectRefusal(
        await site.api.request("GET", `${site.path("rolloutguards")}?fieldSelector=spec.mode%3DObserve`),
        refusal("field label not supported: spec.mode"),
      );
    },
  },
  {
    title: "Events are selected by their type",
    async play(site) {
      for (const type of ["Normal", "Warning"]) {
        await site.create("events", {
          metadata: { name: type.toLowerCase() },
          involvedObject: { kind: "Pod", name: "web", namespace: site.namespace },
          type,
          reason: "R",
          message: "m",
        });
      }
      const { items } = await site.list("events", "fieldSelector=type%3DWarning");
      expect(names(items)).to.deep.equal(["warning"]);
    },
  },
  {
    title: "a list of an exact state shows that state, and with a limit its resourceVersion is exact",
    async play(site) {
      await site.create("configmaps", configMap("c1", { a: "1" }));
      const { metadata } = await site.list("configmaps");
      await site.jsonPatch(site.path("configmaps", "c1"), [{ op: "replace", path: "/data/a", value: "2" }]);
      for (const query of ["resourceVersionMatch=Exact", "limit=500"]) {
        const list = await site.list("configmaps", `resourceVersion=${metadata.resourceVersion}&${query}`);
        const map = list.items.find((item) => item.metadata.name === "c1");
        expect(map?.["data"], query).to.deep.equal({ a: "1" });
        expect(list.metadata.resourceVersion, query).to.equal(metadata.resourceVersion);
      }
    },
  },
  {
    title:
      "a list of a state that is still to come is refused with 504, one with options that are none with 400",
    async play(site) {
      const future = await pageOf(site.api, site, "resourceVersion=999999999");
      expect([future.code, future.body.reason]).to.deep.equal([504, "Timeout"]);
      expect(future.body.message).to.match(/^Timeout: Too large resource version: 999999999, current: \d+$/);
      const bad = (message: string) => ({ code: 400, reason: "BadRequest", message });
      expectRefusal(
        await pageOf(site.api, site, "resourceVersion=abc"),
        bad(
          'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
        ),
      );
      expectRefusal(
        await pageOf(site.api, site, "limit=abc"),
        bad('strconv.ParseInt: parsing "abc": invalid syntax'),
      );
      expectRefusal(
        await pageOf(site.api, site, "labelSelector=a%3D%3D%3Db"),
        bad("unable to parse requirement: found '=', expected: identifier"),
      );
      const token = await pageOf(site.api, site, "limit=2&continue=abc");
      expect([token.code, token.body.reason]).to.deep.equal([400, "BadRequest"]);
      expect(token.body.message).to.match(/^invalid continue token: /);
    },
  },
  {
    title: "a list whose pages have expired is answered with 410 and a token for the rest as it is now",
    async play(site) {
      await fiveMaps(site);
      const first = await site.list("configmaps", "limit=2");
      // Nobody promises how tokens are made; it is the only way to one that has expired.
      const fresh = Buffer.from(first.metadata.continue ?? "", "base64url").toString();
      const expired = Buffer.from(fresh.replace(/"rv":\d+/, '"rv":1')).toString("base64url");
      const answer = await pageOf(site.api, site, `limit=2&continue=${expired}`);
      if (answer.code === 200) {
        // Nothing was compacted yet: the state of that time is still known, and it had nothing of this namespace.
        expect(answer.body.items).to.deep.equal([]);
        return;
      }
      const token = answer.body.metadata.continue ?? "";
      expectRefusal(answer, { ...EXPIRED, metadata: { continue: token } });
      const rest = await site.list("configmaps", `limit=2&continue=${encodeURIComponent(token)}`);
      expect(names(rest.items)).to.deep.equal(["c3", "c4"]);
    },
  },
];
