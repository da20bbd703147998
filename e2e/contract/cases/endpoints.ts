// Endpoints of Services: both kinds, their labels, what ready, serving and terminating mean, and when they are empty.

import type { EndpointSlice, Endpoints } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { ContractCase } from "../contract-case.ts";
import { service, web, withEnv } from "../manifests.ts";
import type { Site } from "../site.ts";

async function slices(site: Site): Promise<readonly EndpointSlice[]> {
  const selector = "labelSelector=kubernetes.io%2Fservice-name%3Dweb";
  return (await site.list<EndpointSlice>("endpointslices", selector)).items;
}

/** The conditions of all endpoints, once the look is satisfied with them. */
async function conditionsOnce(site: Site, what: string, look: (texts: readonly string[]) => boolean) {
  return site.eventually(what, async () => {
    const endpoints = (await slices(site)).flatMap((slice) => slice.endpoints ?? []);
    const texts = endpoints
      .map(({ conditions }) => `${conditions.ready}/${conditions.serving}/${conditions.terminating}`)
      .toSorted();
    return look(texts) && texts;
  });
}

export const ENDPOINTS: readonly ContractCase[] = [
  {
    title: "a Service has one EndpointSlice that names its pods, with the Service's labels",
    async play(site) {
      await site.create("services", service());
      await site.create("deployments", web());
      await site.rolledOut("web");
      const found = await conditionsOnce(
        site,
        "two ready endpoints",
        (texts) => texts.length === 2 && texts.every((text) => text.startsWith("true")),
      );
      expect(found).to.deep.equal(["true/true/false", "true/true/false"]);
      const [slice, ...more] = await slices(site);
      expect(more).to.have.length(0);
      expect(slice?.metadata.name).to.match(/^web-[a-z0-9]{5}$/);
      expect(slice?.metadata.labels).to.deep.equal({
        team: "shop",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
      });
      expect(slice?.metadata.ownerReferences?.[0]).to.include({
        kind: "Service",
        name: "web",
        controller: true,
      });
      expect(slice?.ports).to.deep.equal([{ name: "http", port: 8080, protocol: "TCP" }]);
      expect(slice).to.include({ addressType: "IPv4" });
      const pods = await site.pods();
      const targets = slice?.endpoints?.map(({ targetRef, addresses, nodeName }) => ({
        targetRef,
        addresses,
        nodeName,
      }));
      expect(targets).to.have.deep.members(
        pods.map(({ metadata, status, spec }) => ({
          targetRef: { kind: "Pod", namespace: site.namespace, name: metadata.name, uid: metadata.uid },
          addresses: [status.podIP],
          nodeName: spec.nodeName,
        })),
      );
    },
  },
  {
    title: "a Service that selects no pod has a slice without endpoints, and Endpoints without subsets",
    async play(site) {
      await site.create("services", service("web", { app: "other" }));
      await site.create("deployments", web());
      await site.rolledOut("web");
      const [slice] = await site.eventually("a slice", async () => {
        const found = await slices(site);
        return found.length > 0 && found;
      });
      expect([slice?.endpoints, slice?.ports]).to.deep.equal([null, null]);
      const endpoints = await site.read<Endpoints>("endpoints", "web");
      expect(endpoints.subsets).to.equal(undefined);
    },
  },
  {
    title:
      "a pod that is not ready is an endpoint that is neither ready nor serving, and a not ready address",
    async play(site) {
      await site.create("services", service());
      await site.create("deployments", web());
      await site.rolledOut("web");
      await site.change("web", withEnv("HEALTH", "500"));
      const texts = await conditionsOnce(site, "three endpoints", (found) => found.length === 3);
      expect(texts).to.deep.equal(["false/false/false", "true/true/false", "true/true/false"]);
      await site.eventually("Endpoints say the same", async () => {
        const { subsets } = await site.read<Endpoints>("endpoints", "web");
        const [subset] = subsets ?? [];
        return subset?.addresses?.length === 2 && subset.notReadyAddresses?.length === 1;
      });
    },
  },
  {
    title: "Endpoints are deprecated, and every answer about them says so",
    async play(site) {
      const { warnings } = await site.api.request("GET", site.path("endpoints"));
      expect(warnings).to.deep.equal([
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
      ]);
    },
  },
  {
    title: "a change of the Service's selector empties its slice while the pods stay ready",
    async play(site) {
      await site.create("services", service());
      await site.create("deployments", web());
      await site.rolledOut("web");
      await conditionsOnce(site, "two endpoints", (texts) => texts.length === 2);
      await site.jsonPatch(site.path("services", "web"), [
        { op: "replace", path: "/spec/selector/app", value: "other" },
      ]);
      await conditionsOnce(site, "no endpoints", (texts) => texts.length === 0);
      const [slice] = await slices(site);
      expect(slice?.metadata.labels?.["kubernetes.io/service-name"]).to.equal("web");
    },
  },
  {
    title:
      "a named port that the pods do not have gives endpoints without a port, and no address in Endpoints",
    async play(site) {
      await site.create("services", service("web", { app: "web" }, "grpc"));
      await site.create("deployments", web());
      await site.rolledOut("web");
      await conditionsOnce(site, "two endpoints", (texts) => texts.length === 2);
      const [slice] = await slices(site);
      expect(slice?.ports).to.satisfy(
        (ports: unknown) => ports === null || (Array.isArray(ports) && ports.length === 0),
      );
      const endpoints = await site.read<Endpoints>("endpoints", "web");
      expect(endpoints.subsets ?? []).to.deep.equal([]);
    },
  },
];
