import { expect } from "chai";
import { INSTALL_CRDS } from "../../release.ts";
import { type ScriptedClient, startScriptedClient } from "../testing/scripted-client.ts";
import { statusBody } from "../testing/scripted-server.ts";
import { discoverCluster, MissingCrdsError } from "./discovery.ts";

describe("discoverCluster", () => {
  let scripted: ScriptedClient;
  afterEach(() => scripted.stop());

  const ask = async (served: Readonly<Record<string, unknown>>) => {
    scripted = await startScriptedClient((request, answer) => {
      const body = served[request.path];
      if (body === undefined) answer.json(404, statusBody(404, "NotFound", "no such path"));
      else if (typeof body === "number") answer.json(body, statusBody(body, "", "refused"));
      else answer.json(200, body);
    });
    return discoverCluster(scripted.client);
  };
  const resources = (...names: string[]) => ({
    kind: "APIResourceList",
    resources: names.map((name) => ({ name })),
  });
  const OWN = "/apis/rolloutguard.io/v1alpha1";
  const SLICES = "/apis/discovery.k8s.io/v1";
  const own = resources("rolloutguards", "rolloutguards/status", "incidents", "incidents/status");

  it("tells the version, and that EndpointSlices are served", async () => {
    expect(
      await ask({ [OWN]: own, [SLICES]: resources("endpointslices"), "/version": { gitVersion: "v1.36.2" } }),
    ).to.deep.equal({ serverVersion: "v1.36.2", hasEndpointSlices: true });
  });

  it("tells that an old cluster has only Endpoints, and copes with a version that is kept back", async () => {
    expect(await ask({ [OWN]: own, "/version": 403 })).to.deep.equal({
      serverVersion: "unknown",
      hasEndpointSlices: false,
    });
  });

  for (const [title, served, missing] of [
    ["both CRDs are missing", {}, "rolloutguards.rolloutguard.io and incidents.rolloutguard.io"],
    ["one CRD is missing", { [OWN]: resources("rolloutguards") }, "serve incidents.rolloutguard.io in"],
  ] as const) {
    it(`says how to install them when ${title}`, async () => {
      const error = await ask(served).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(MissingCrdsError);
      expect(String(error)).to.include(missing).and.include(INSTALL_CRDS);
    });
  }

  it("does not take a refusal for a missing CRD", async () => {
    expect(await ask({ [OWN]: 403 }).catch((reason: unknown) => reason)).to.include({ status: 403 });
  });
});
