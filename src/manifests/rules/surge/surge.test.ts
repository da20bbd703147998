import { expect } from "chai";
import { deploymentText, documents, findingsIn } from "../../testing/lint-text.ts";
import { objectText } from "../../testing/object-text.ts";

const AT_ONCE = "strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
const RECREATE = "strategy: {type: Recreate}";
const IN_PLACE = "strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";

describe("rule exclusive-volume", () => {
  const claim = (mode: string) =>
    objectText("v1", "PersistentVolumeClaim", "data", `{accessModes: [${mode}]}`);
  const mounting = (...spec: readonly string[]) =>
    deploymentText({ spec, pod: ["volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]"] });
  const found = (...texts: readonly string[]) => findingsIn(documents(...texts), "exclusive-volume");

  it("warns of a rolling update and of several replicas; a volume for one pod is an error", () => {
    expect(found(mounting(), claim("ReadWriteOnce"))[0]).to.include({ severity: "warning" });
    expect(found(mounting("replicas: 3", RECREATE), claim("ReadWriteOnce"))[0]?.message).to.include(
      "3 replicas",
    );
    expect(found(mounting(AT_ONCE), claim("ReadWriteOncePod"))[0]).to.include({ severity: "error" });
  });

  it("knows disks that stand in the pod's spec", () => {
    const disk = (more = "") =>
      deploymentText({ pod: [`volumes: [{name: v, gcePersistentDisk: {pdName: d${more}}}]`] });
    expect(found(disk())).to.have.length(1);
    expect(found(disk(", readOnly: true"))).to.deep.equal([]);
  });

  it("is content when the old pod ends first, when nodes can share, and when all pods run on one node", () => {
    expect(found(mounting(RECREATE), claim("ReadWriteOnce"))).to.deep.equal([]);
    expect(found(mounting(IN_PLACE), claim("ReadWriteOnce"))).to.deep.equal([]);
    expect(found(mounting("replicas: 3"), claim("ReadWriteMany"))).to.deep.equal([]);
    expect(found(mounting())).to.deep.equal([]);
    const pinned = deploymentText({
      pod: [
        "nodeSelector: {kubernetes.io/hostname: a}",
        "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]",
      ],
    });
    expect(found(pinned, claim("ReadWriteOnce"))).to.deep.equal([]);
  });
});

describe("rule host-port", () => {
  const found = (...of: Parameters<typeof deploymentText>) => findingsIn(deploymentText(...of), "host-port");
  const port = "ports: [{containerPort: 80, hostPort: 8080}]";

  it("warns of hostPort and of hostNetwork where every old pod stays until a new one is ready", () => {
    expect(found({ container: [port] })[0]?.message).to.include("port 8080");
    expect(found({ container: ["ports: [{containerPort: 80}]"], pod: ["hostNetwork: true"] })).to.have.length(
      1,
    );
    expect(found({ container: [port], spec: [AT_ONCE, "replicas: 6"] })).to.have.length(1);
  });

  it("warns of a DaemonSet with a surge", () => {
    const set = (surge: string) =>
      objectText(
        "apps/v1",
        "DaemonSet",
        "d",
        `{updateStrategy: {rollingUpdate: {maxSurge: ${surge}}}, template: {spec: {containers: [{name: a, ${port}}]}}}`,
      );
    expect(findingsIn(set("1"), "host-port")).to.have.length(1);
    expect(findingsIn(set("0"), "host-port")).to.deep.equal([]);
  });

  it("is content when an old pod leaves first, and with ports of containers", () => {
    for (const spec of [[RECREATE], [IN_PLACE], ["replicas: 4"]]) {
      expect(found({ container: [port], spec }), spec.join()).to.deep.equal([]);
    }
    expect(found({ container: ["ports: [{containerPort: 80}]"] })).to.deep.equal([]);
  });
});

describe("rule anti-affinity", () => {
  const against = (labels: string, more = "") =>
    `affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: ${labels}}${more}}]}}`;
  const found = (pod: string, ...spec: readonly string[]) =>
    findingsIn(deploymentText({ pod: [pod], spec }), "anti-affinity");

  it("warns where the pods shun each other and every old one stays until a new one is ready", () => {
    expect(found(against("{app: web}"), "replicas: 3")[0]?.message).to.include("its 3 replicas");
  });

  it("is content with other labels, with an old pod that leaves first, and with the hash of the template", () => {
    expect(found(against("{app: db}"))).to.deep.equal([]);
    expect(found(against("{app: web}"), "replicas: 4")).to.deep.equal([]);
    expect(found(against("{app: web}", ", matchLabelKeys: [pod-template-hash]"))).to.deep.equal([]);
  });
});
