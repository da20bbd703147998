import { expect } from "chai";
import { aRevision } from "../testing/a-revision.ts";
import {
  appWith,
  aVariable,
  extraContainer,
  extraVariable,
  labels,
  type TemplateChange,
} from "../testing/a-template.ts";
import { onlyIn } from "./only-in.ts";

const plain = aRevision("5d8f6c7b94", 1);
const withMore = (...changes: readonly TemplateChange[]) => aRevision("596f7cbf4b", 2, {}, ...changes);

describe("what only one of two revisions has", () => {
  for (const [what, change] of [
    ["variable DEBUG of container app", extraVariable("DEBUG")],
    ["all variables of Secret/old of container app", appWith({ envFrom: ["Secret/old"] })],
    ["mount of volume cache at /cache of container app", appWith({ mounts: ["cache at /cache"] })],
    ["port 9090 of container app", appWith({ ports: [{ name: "http", port: 8080 }, { port: 9090 }] })],
    ["liveness probe of container app", appWith({ liveness: plain.template.containers[0]?.readiness })],
    ["resource limits.cpu of container app", appWith({ resources: ["limits.cpu=1", "limits.memory=256Mi"] })],
    ["field workingDir of container app", appWith({ otherFields: { workingDir: 1 } })],
    ["container helper", extraContainer("helper", "sidecar")],
    ["label track", labels({ ...plain.template.labels, track: "stable" })],
    ["volume cache", (template) => ({ ...template, volumePrints: { cache: 1 } })],
    ["annotation note", (template) => ({ ...template, annotations: { note: 1 } })],
    ["field hostNetwork", (template) => ({ ...template, otherFields: { hostNetwork: 1 } })],
  ] as const satisfies readonly (readonly [string, TemplateChange])[]) {
    it(`is named: ${what}`, () => {
      expect(onlyIn(withMore(change), plain)).to.deep.equal([what]);
      expect(onlyIn(plain, withMore(change))).to.deep.equal([]);
    });
  }

  it("is nothing where the same things have other values", () => {
    const other = withMore(
      appWith({
        image: "registry.example/checkout:2",
        env: [aVariable("DATABASE_URL", undefined, 7), aVariable("LOG_LEVEL")],
        resources: ["limits.memory=1Gi"],
      }),
      labels({ app: "checkout", tier: "frontend" }),
    );
    expect(onlyIn(other, plain)).to.deep.equal([]);
    expect(onlyIn(plain, other)).to.deep.equal([]);
  });
});
