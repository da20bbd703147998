// Mistakes of releases as people make them, in all kinds; and stories that go on after the first decision.
import type { Version } from "../../testing/shop.ts";
import {
  aNeighbour,
  applied,
  deleted,
  evicted,
  nodeFault,
  nodeLost,
  notOnNodes,
  paused,
  podsDeleted,
  restarted,
  scaledTo,
  shipped,
} from "../deeds.ts";
import { type Deed, type FieldStory, NAMESPACE } from "../field-story.ts";

const V1: Version = { tag: "v1" };
const V2: Version = { tag: "v2" };
const BAD = { HEALTH: "500" };
const NO_PROBE = { readinessProbe: undefined };
const RECREATE: Version["deployment"] = { strategy: { type: "Recreate" } };
const many =
  (...deeds: readonly Deed[]): Deed =>
  (scene) => {
    for (const deed of deeds) deed(scene);
  };
const replicas = (count: number) => ({ deployment: { replicas: count } });
const probedBy = (command: string) => ({
  readinessProbe: { exec: { command: [command] }, periodSeconds: 2 },
});
const withVolume = (volume: object): Pick<Version, "pod" | "container"> => ({
  pod: { volumes: [{ name: "data", ...volume }] },
  container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
});
const aConfigMap = (name: string) =>
  applied({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { key: "value" } });
const slowStorage: Deed = ({ cluster }) => {
  cluster.store.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "slow" },
    provisioner: "ebs.csi.aws.com",
    volumeBindingMode: "WaitForFirstConsumer",
    parameters: { takes: "240s" },
  });
};
const slowClaim = applied({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Gi" } },
    storageClassName: "slow",
  },
});
const baselinePods: Deed = ({ cluster }) => {
  cluster.store.patch("namespaces", "", NAMESPACE, {
    metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
  });
};

export const MISTAKES: readonly FieldStory[] = [
  {
    name: "first-probe-has-a-wrong-path",
    kind: "N",
    what: "the release adds the first readiness probe, with a path that is not served",
    want: "rollback",
    withinSeconds: 200,
    before: { ...V1, container: NO_PROBE },
    release: { ...V2, env: { HEALTH: "404" } },
  },
  {
    name: "probe-removed-and-crashes",
    kind: "A",
    what: "the release removes the readiness probe, and crashes 8 s after each start",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, env: { CRASH: "1", CRASH_AFTER: "8s" }, container: NO_PROBE },
  },
  {
    name: "https-behind-an-http-probe",
    kind: "N",
    what: "the application speaks HTTPS now, and its probe HTTP",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, env: { TLS: "1" } },
  },
  {
    name: "probe-command-fails",
    kind: "N",
    what: "the command of the probe fails in the new version",
    want: "rollback",
    withinSeconds: 200,
    before: { ...V1, container: probedBy("/ok") },
    release: { ...V2, env: { EXEC_PROBE: "no such table" }, container: probedBy("/ok") },
  },
  {
    name: "health-check-too-slow",
    kind: "N",
    what: "the health check of the new version takes 3 s, and its probe waits 1 s",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, env: { HEALTH_DELAY: "3s" } },
  },
  {
    name: "command-not-in-the-image",
    kind: "E",
    what: "the command is not in the image",
    want: "rollback",
    withinSeconds: 60,
    before: V1,
    release: { ...V2, env: { COMMAND_MISSING: "1" } },
  },
  {
    name: "variable-forgotten",
    kind: "B",
    what: "the release forgets a variable that the application requires",
    want: "rollback",
    withinSeconds: 200,
    before: { ...V1, env: { REQUIRED_ENV: "URL", URL: "x" } },
    release: { ...V2, env: { REQUIRED_ENV: "URL" } },
  },
  {
    name: "mounted-config-map-missing",
    kind: "E",
    what: "the release mounts a ConfigMap that nobody creates",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, ...withVolume({ configMap: { name: "none" } }) },
  },
  {
    name: "optional-config-map-missing",
    kind: "E",
    what: "the release mounts an optional ConfigMap that nobody creates",
    want: "nothing",
    before: V1,
    release: { ...V2, ...withVolume({ configMap: { name: "none", optional: true } }) },
  },
  {
    name: "claim-missing",
    kind: "E",
    what: "the release uses a claim that nobody creates",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, ...withVolume({ persistentVolumeClaim: { claimName: "none" } }) },
  },
  {
    name: "claim-provisioned-in-4-minutes",
    kind: "E",
    what: "the volume of a new claim is provisioned in four minutes",
    want: "nothing",
    given: [slowStorage],
    before: V1,
    release: many(
      slowClaim,
      shipped({ ...V2, ...withVolume({ persistentVolumeClaim: { claimName: "data" } }), ...replicas(1) }),
    ),
  },
  {
    name: "privileged-where-it-may-not-be",
    kind: "E",
    what: "the release asks for privileges that Pod Security refuses",
    want: "rollback",
    withinSeconds: 90,
    given: [baselinePods],
    before: V1,
    release: { ...V2, container: { securityContext: { privileged: true } } },
  },
  {
    name: "service-account-after-80s",
    kind: "E",
    what: "the ServiceAccount is created 80 s after the release",
    want: "nothing",
    before: V1,
    release: { ...V2, pod: { serviceAccountName: "web" } },
    later: [[80, applied({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "web" } })]],
  },
  {
    name: "scaled-by-events",
    kind: "G",
    what: "an autoscaler by events goes to zero and back again and again during a good release",
    want: "nothing",
    before: { ...V1, ...replicas(2) },
    release: scaledTo(0),
    later: [
      [30, shipped({ ...V2, ...replicas(0) })],
      [60, scaledTo(2)],
      [120, scaledTo(0)],
      [200, scaledTo(2)],
      [260, scaledTo(0)],
    ],
  },
  {
    name: "scaled-by-events-and-crashes",
    kind: "G",
    what: "released at zero replicas, and it crashes when an autoscaler by events wakes it",
    want: "rollback",
    before: { ...V1, ...replicas(2) },
    release: scaledTo(0),
    later: [
      [30, shipped({ ...V2, env: { CRASH: "1" }, ...replicas(0) })],
      [60, scaledTo(2)],
    ],
  },
  {
    name: "changed-while-paused",
    kind: "X",
    what: "a Deployment is paused, changed, and resumed ten minutes later",
    want: "nothing",
    before: V1,
    release: paused(true),
    later: [
      [10, shipped({ ...V2, deployment: { paused: true } })],
      [700, paused(false)],
    ],
    lastsSeconds: 1_500,
  },
  {
    name: "two-neighbours-are-no-outage",
    kind: "M",
    what: "two neighbours fall ill at the same time as a bad release comes",
    want: "rollback",
    withinSeconds: 200,
    given: ["a", "b"].map((name) =>
      aNeighbour(name, { tag: "v1", env: { FAIL_AFTER: "362s", FAIL_FOR: "300s" } }),
    ),
    before: V1,
    release: { ...V2, env: BAD },
  },
  {
    name: "outage-and-bad",
    kind: "M",
    what: "four neighbours are ill for two minutes in the middle of a bad release",
    want: "rollback",
    given: ["a", "b", "c", "d"].map((name) =>
      aNeighbour(name, { tag: "v1", env: { FAIL_AFTER: "380s", FAIL_FOR: "120s" } }),
    ),
    before: V1,
    release: { ...V2, env: BAD },
  },
  {
    name: "new-pods-preempted",
    kind: "M",
    what: "the new pods are evicted again and again for a minute",
    want: "nothing",
    before: V1,
    release: { ...V2, env: { START_DELAY: "15s" } },
    later: [
      [8, evicted("v2", 1)],
      [20, evicted("v2", 1)],
      [35, evicted("v2", 1)],
      [50, evicted("v2", 1)],
    ],
  },
  {
    name: "to-and-fro",
    kind: "L",
    what: "a person goes from v1 to v2, back, and to v2 again; all are good",
    want: "nothing",
    before: V1,
    release: V2,
    later: [
      [100, shipped(V1)],
      [200, shipped(V2)],
    ],
  },
  {
    name: "password-rotated",
    kind: "T",
    what: "new pods of both versions crash since a password was rotated; an old pod was deleted",
    want: "no-rollback",
    given: [aConfigMap("password")],
    before: { ...V1, env: { NEEDS: "configmap/password" } },
    release: many(
      deleted("configmaps", "password"),
      shipped({ ...V2, env: { NEEDS: "configmap/password" } }),
    ),
    later: [[30, podsDeleted("v1", 1)]],
  },
  {
    name: "leader-takes-over-slowly",
    kind: "C",
    what: "one of two pods leads; each start takes 40 s, and pods are recreated",
    want: "nothing",
    guardedSeconds: 300,
    before: { ...V1, env: { LEASE: "leader", START_DELAY: "40s" }, deployment: { ...RECREATE, replicas: 2 } },
    release: {
      ...V2,
      env: { LEASE: "leader", START_DELAY: "40s" },
      deployment: { ...RECREATE, replicas: 2 },
    },
  },
];

export const SEQUELS: readonly FieldStory[] = [
  {
    name: "bad-and-another-bad",
    kind: "O",
    what: "a minute after the rollback another bad release comes",
    want: "rollback",
    rollbacks: 2,
    before: V1,
    release: { ...V2, env: BAD },
    later: [[210, shipped({ tag: "v3", env: { CRASH: "1" } })]],
  },
  {
    name: "good-and-then-bad",
    kind: "O",
    what: "v2 is good, and v3, ten minutes later, is not",
    want: "rollback",
    before: V1,
    release: V2,
    later: [[600, shipped({ tag: "v3", env: BAD })]],
  },
  {
    name: "restarted-and-then-bad",
    kind: "O",
    what: "a restart is good, and the next release is not",
    want: "rollback",
    before: V1,
    release: restarted,
    later: [[400, shipped({ tag: "v3", env: BAD })]],
  },
  {
    name: "old-image-gone-and-back",
    kind: "S",
    what: "the old image cannot be pulled for seven minutes when its version is restored",
    want: "rollback",
    before: { ...V1, deployment: RECREATE },
    release: many(
      notOnNodes("shop:v1"),
      nodeFault({ on: { image: "shop:v1" }, does: { pull: "notFound" }, forMs: 400_000 }),
      shipped({ ...V2, env: { CRASH: "1" }, deployment: RECREATE }),
    ),
  },
  {
    name: "fixed-while-verifying",
    kind: "X",
    what: "the fix is shipped 20 s after the rollback",
    want: "rollback",
    ends: "Superseded",
    before: V1,
    release: { ...V2, env: BAD },
    later: [[170, shipped({ tag: "v3" })]],
  },
  {
    name: "applied-again-twice",
    kind: "O",
    what: "somebody applies the same bad release again and again",
    want: "rollback",
    rollbacks: 2,
    ends: "Held",
    before: V1,
    release: { ...V2, env: BAD },
    later: [
      [400, shipped({ ...V2, env: BAD })],
      [1_000, shipped({ ...V2, env: BAD })],
    ],
  },
  {
    name: "falls-ill-at-the-end-of-the-bake",
    kind: "B",
    what: "it falls ill 285 s after its start, when it has nearly baked",
    want: "rollback",
    before: V1,
    release: { ...V2, env: { FAIL_AFTER: "285s" } },
  },
  {
    name: "falls-ill-when-it-is-good",
    kind: "B",
    what: "it falls ill 340 s after its start, when it has become good",
    want: "no-rollback",
    before: V1,
    release: { ...V2, env: { FAIL_AFTER: "340s" } },
  },
  {
    name: "node-lost-while-verifying",
    kind: "A",
    what: "a node is lost for two minutes while the rollback is verified",
    want: "rollback",
    nodes: { nodes: 3 },
    before: V1,
    release: { ...V2, env: BAD },
    later: [[160, nodeLost("node1", 120)]],
  },
];
