import { expect } from "chai";
import { aRevision } from "../testing/a-revision.ts";
import {
  appWith,
  aVariable,
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

  it("tells the names of environment variables that came, went and changed, and has no values to tell", () => {
    const env = [aVariable("LOG_LEVEL", undefined, 2), aVariable("DB_URL")];
    expect(changesOf(appWith({ env }))).to.deep.equal([
      "container app: env DATABASE_URL removed",
      "container app: env DB_URL added",
      "container app: env LOG_LEVEL changed",
    ]);
    expect(changesOf(appWith({ envFrom: ["Secret/all"] }))).to.deep.equal([
      "container app: envFrom Secret/all was added",
    ]);
  });

  it("tells how long probes wait, where that changed", () => {
    expect(changesOf(readinessProbe({ timeoutMs: 500, failureThreshold: 1 }))).to.deep.equal([
      "container app: readiness probe timeout 1 s → 0.5 s, failure threshold 3 → 1",
    ]);
  });

  it("tells of volumes and where they are mounted", () => {
    const withVolume: TemplateChange = (template) => ({ ...template, volumes: ["settings: ConfigMap/web"] });
    expect(changesOf(withVolume, appWith({ mounts: ["settings at /etc/web"] }))).to.deep.equal([
      "container app: volume settings at /etc/web is mounted",
      "volume settings: ConfigMap/web was added",
    ]);
  });

  it("names every other field and annotation that changed, and not what is in it", () => {
    const others: TemplateChange = (template) => ({
      ...template,
      otherFields: { securityContext: 1 },
      annotations: { "checksum/config": 7 },
    });
    expect(changesOf(others, appWith({ otherFields: { imagePullPolicy: 3 } }))).to.deep.equal([
      "container app: imagePullPolicy changed",
      "pod: securityContext changed",
      "annotations checksum/config changed",
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
