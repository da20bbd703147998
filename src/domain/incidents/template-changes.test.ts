import { expect } from "chai";
import { aRevision } from "../testing/a-revision.ts";
import {
  appWith,
  extraContainer,
  labels,
  readinessProbe,
  startupProbe,
  type TemplateChange,
} from "../testing/a-template.ts";
import { templateChanges } from "./template-changes.ts";

function changesOf(...changes: readonly TemplateChange[]): readonly string[] {
  return templateChanges(aRevision("a", 1), aRevision("b", 2, {}, ...changes));
}

describe("templateChanges", () => {
  it("is empty when nothing differs", () => {
    expect(changesOf()).to.deep.equal([]);
  });

  it("tells of images, ports and probes, before and after", () => {
    expect(
      changesOf(
        appWith({ image: "registry.example/checkout:2", ports: [{ port: 80 }] }),
        readinessProbe({ target: "GET http :80/ready" }),
        startupProbe({ target: "TCP :80" }),
      ),
    ).to.deep.equal([
      "container app: image registry.example/checkout:1 → registry.example/checkout:2",
      "container app: ports http:8080 → 80",
      "container app: readiness probe GET http :8080/healthz → GET http :80/ready",
      "container app: startup probe none → TCP :80",
    ]);
  });

  it("tells the names of environment variables that came and went, and has no values to tell", () => {
    expect(changesOf(appWith({ envNames: ["LOG_LEVEL", "DB_URL"] }))).to.deep.equal([
      "container app: env DATABASE_URL went away",
      "container app: env DB_URL came",
    ]);
  });

  it("tells of the command and of resources", () => {
    expect(changesOf(appWith({ commandKey: "another", resources: ["limits.memory=64Mi"] }))).to.deep.equal([
      "container app: its command or arguments changed",
      "container app: resources limits.memory=256Mi → limits.memory=64Mi",
    ]);
    expect(changesOf(appWith({ ports: [], resources: [] }))).to.deep.equal([
      "container app: ports http:8080 → none",
      "container app: resources limits.memory=256Mi → none",
    ]);
  });

  it("tells of labels that were added, changed or removed", () => {
    expect(changesOf(labels({ app: "shop", version: "2" }))).to.deep.equal([
      "label app: checkout → shop",
      "label tier=backend was removed",
      "label version=2 was added",
    ]);
  });

  it("tells of containers that came and went", () => {
    const proxy = aRevision("b", 2, {}, extraContainer("proxy", "sidecar"));
    expect(templateChanges(aRevision("a", 1), proxy)).to.deep.equal([
      "container proxy was added (registry.example/proxy:1)",
    ]);
    expect(templateChanges(proxy, aRevision("a", 1))).to.deep.equal(["container proxy was removed"]);
  });
});
