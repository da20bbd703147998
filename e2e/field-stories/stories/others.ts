// Kinds O, R, S, T, U, W and X: people in the middle, control planes that are late, rollbacks that take long, sizes that change.
import {
  startClusterAutoscaler,
  startKarpenter,
  startLoadBalancerController,
} from "@rolloutguard/simulated-cluster/add-ons";
import type { Version } from "../../testing/shop.ts";
import {
  aNeighbour,
  applied,
  aSecret,
  aService,
  deleted,
  nodeFault,
  nodeLost,
  noSandboxes,
  notOnNodes,
  operatorAway,
  podsDeleted,
  restarted,
  shipped,
  webhook,
} from "../deeds.ts";
import { type Deed, type FieldStory, NAMESPACE } from "../field-story.ts";

const V1: Version = { tag: "v1" };
const V2: Version = { tag: "v2" };
const BAD = { HEALTH: "500" };
const SMALL_NODES = { nodes: 2, nodeCapacity: { cpu: "2", memory: "8Gi", pods: "110" } };
const RECREATE: Version["deployment"] = { strategy: { type: "Recreate" } };
const ONE_BY_ONE: Version["deployment"] = {
  replicas: 10,
  minReadySeconds: 60,
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
};
const cpu = (request: string) => ({ container: { resources: { requests: { cpu: request } } } });
const replicas = (count: number, env?: Version["env"]): Omit<Version, "tag"> => ({
  deployment: { replicas: count },
  ...(env && { env }),
});
const pausing =
  (name: Parameters<Parameters<Deed>[0]["cluster"]["pauseController"]>[0], seconds: number): Deed =>
  ({ cluster }) => {
    cluster.pauseController(name, 1_000 * seconds);
  };
const many =
  (...deeds: readonly Deed[]): Deed =>
  (scene) => {
    for (const deed of deeds) deed(scene);
  };
const autoscaled: Deed = ({ cluster }) => {
  startClusterAutoscaler(cluster, {
    groups: [
      {
        name: "big",
        size: 0,
        maxSize: 3,
        node: { capacity: { cpu: "8", memory: "32Gi", pods: "110" }, labels: { pool: "big" } },
        arrivesAfterMs: 150_000,
      },
    ],
  });
};
const deadline = (progressDeadlineSeconds: number) => ({ deployment: { progressDeadlineSeconds } });
const readsSecret = {
  container: { env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } }] },
};

export const OTHERS: readonly FieldStory[] = [
  {
    name: "recreated-after-a-long-termination",
    kind: "S",
    what: "Recreate, and old pods take 700 s to terminate",
    want: "nothing",
    before: {
      ...V1,
      env: { IGNORE_TERM: "1" },
      pod: { terminationGracePeriodSeconds: 700 },
      deployment: RECREATE,
    },
    release: { ...V2, deployment: RECREATE },
    lastsSeconds: 1_500,
  },
  {
    name: "restored-starts-in-400s",
    kind: "S",
    what: "the new version crashes; the old one, restored by Recreate, starts in 400 s as ever",
    want: "rollback",
    ranSeconds: 800,
    before: { ...V1, env: { START_DELAY: "400s" }, deployment: RECREATE },
    release: { ...V2, env: { CRASH: "1" }, deployment: RECREATE },
    lastsSeconds: 1_500,
  },
  {
    name: "restored-one-by-one",
    kind: "S",
    what: "ten replicas, a minute each; the new pods fail after 100 s and are replaced one by one",
    want: "rollback",
    ranSeconds: 900,
    before: { ...V1, deployment: ONE_BY_ONE },
    release: { ...V2, env: { FAIL_AFTER: "100s" }, deployment: ONE_BY_ONE },
    lastsSeconds: 2_000,
  },
  {
    name: "operator-away-when-it-is-due",
    kind: "R",
    what: "the operator is away for the 15 s in which the patience ends",
    want: "rollback",
    withinSeconds: 330,
    before: V1,
    release: { ...V2, env: BAD },
    later: [[148, operatorAway(15)]],
  },
  {
    name: "undone-by-hand",
    kind: "X",
    what: "a person goes back after 100 s",
    want: "no-rollback",
    before: V1,
    release: { ...V2, env: BAD },
    later: [[100, shipped(V1)]],
  },
  {
    name: "fixed-just-in-time",
    kind: "X",
    what: "a person ships a fix two seconds before the patience ends",
    want: "nothing",
    before: V1,
    release: { ...V2, env: BAD },
    later: [[148, shipped({ tag: "v3" })]],
  },
  {
    name: "restarted-while-it-bakes",
    kind: "K",
    what: "a person restarts a good release while it bakes",
    want: "nothing",
    before: V1,
    release: V2,
    later: [[100, restarted]],
  },
  {
    name: "scaled-up-with-the-release",
    kind: "U",
    what: "a good release goes from three to eight replicas",
    want: "nothing",
    before: V1,
    release: { ...V2, ...replicas(8) },
  },
  {
    name: "scaled-down-with-the-release",
    kind: "U",
    what: "a good release goes from eight to two replicas",
    want: "nothing",
    before: { ...V1, ...replicas(8) },
    release: { ...V2, ...replicas(2) },
  },
  {
    name: "scaled-up-with-a-bad-release",
    kind: "U",
    what: "a release that crashes goes from three to eight replicas",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, ...replicas(8, { CRASH: "1" }) },
  },
  {
    name: "ten-fall-ill-after-a-minute",
    kind: "U",
    what: "ten replicas; the new pods fall ill a minute after their start",
    want: "rollback",
    withinSeconds: 150,
    before: { ...V1, ...replicas(10) },
    release: { ...V2, ...replicas(10, { FAIL_AFTER: "60s" }) },
  },
  {
    name: "strategy-changed-with-the-release",
    kind: "X",
    what: "a good release changes the strategy to Recreate as well",
    want: "nothing",
    before: V1,
    release: { ...V2, deployment: RECREATE },
  },
  {
    name: "not-ready-addresses-published",
    kind: "P",
    what: "a headless Service publishes pods that are not ready; the release is never ready",
    want: "rollback",
    withinSeconds: 200,
    given: [
      applied({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "peers" },
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: { app: "shop" },
          ports: [{ port: 80, targetPort: 8080 }],
        },
      }),
    ],
    before: V1,
    release: { ...V2, env: BAD },
  },
  {
    name: "throttled-for-20-minutes",
    kind: "D",
    what: "the registry throttles for 20 minutes, and the deadline is an hour",
    want: "nothing",
    before: { ...V1, ...deadline(3_600) },
    release: { ...V2, ...deadline(3_600) },
    given: [notOnNodes("shop:v2")],
    later: [[0, nodeFault({ does: { pull: "throttled" }, forMs: 1_200_000 })]],
    lastsSeconds: 2_500,
  },
  {
    name: "deadline-30-start-100",
    kind: "D",
    what: "the deadline is 30 s; the new version starts in 100 s, and old pods serve",
    want: "nothing",
    before: { ...V1, ...deadline(30) },
    release: { ...V2, env: { START_DELAY: "100s" }, ...deadline(30) },
  },
  {
    name: "as-written-in-the-guard",
    kind: "X",
    what: "the guard says 60 s, and the new version starts in 90 s",
    want: "rollback",
    withinSeconds: 70,
    guardSpec: { checks: { readiness: { patience: "60s" } } },
    before: V1,
    release: { ...V2, env: { START_DELAY: "90s" } },
  },
  {
    name: "liveness-kills-the-start",
    kind: "B",
    what: "the liveness probe kills the new version before it has started",
    want: "rollback",
    withinSeconds: 400,
    before: {
      ...V1,
      container: {
        livenessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 10, failureThreshold: 3 },
      },
    },
    release: {
      ...V2,
      env: { START_DELAY: "60s" },
      container: {
        livenessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 10, failureThreshold: 3 },
      },
    },
  },
  {
    name: "both-versions-flap",
    kind: "C",
    what: "both versions are unready for 20 s of each minute",
    want: "nothing",
    ranSeconds: 600,
    guardedSeconds: 500,
    before: { ...V1, env: { FAIL_AFTER: "40s", FAIL_FOR: "20s", FAIL_EVERY: "60s" } },
    release: { ...V2, env: { FAIL_AFTER: "40s", FAIL_FOR: "20s", FAIL_EVERY: "60s" } },
  },
  {
    name: "worker-has-less-to-do",
    kind: "C",
    what: "workers exit with 0 when they are done: the old ones after ten minutes, the new ones after 30 s",
    want: "nothing",
    ranSeconds: 3_000,
    guardedSeconds: 300,
    before: { ...V1, env: { EXIT_AFTER: "600s" }, container: { readinessProbe: undefined } },
    release: { ...V2, env: { EXIT_AFTER: "30s" }, container: { readinessProbe: undefined } },
  },
  {
    name: "cluster-upgraded-while-it-bakes",
    kind: "M",
    what: "one node after the other is away for 200 s while a good release bakes",
    want: "nothing",
    nodes: { nodes: 3 },
    before: { ...V1, ...replicas(6, { START_DELAY: "60s" }) },
    release: { ...V2, ...replicas(6, { START_DELAY: "60s" }) },
    later: [
      [200, nodeLost("node1", 200)],
      [450, nodeLost("node2", 200)],
      [700, nodeLost("node3", 200)],
    ],
    lastsSeconds: 1_500,
  },
  {
    name: "scheduler-away-for-15-minutes",
    kind: "W",
    what: "the scheduler is away for a quarter of an hour",
    want: "no-rollback",
    before: V1,
    release: many(pausing("default-scheduler", 900), shipped(V2)),
    lastsSeconds: 1_600,
  },
  {
    name: "replica-set-controller-away-for-15-minutes",
    kind: "W",
    what: "the ReplicaSet controller is away for a quarter of an hour",
    want: "no-rollback",
    before: V1,
    release: many(pausing("replicaset-controller", 900), shipped(V2)),
    lastsSeconds: 1_600,
  },
  {
    name: "runtime-hangs-for-15-minutes",
    kind: "E",
    what: "the container runtime of the node hangs for a quarter of an hour",
    want: "no-rollback",
    before: V1,
    release: many(
      noSandboxes("rpc error: code = DeadlineExceeded desc = context deadline exceeded", 900),
      shipped(V2),
    ),
    lastsSeconds: 1_500,
  },
  {
    name: "gates-not-set-for-5-minutes",
    kind: "H",
    what: "the controller of the readiness gates is away for five minutes",
    want: "nothing",
    given: [
      ({ cluster }) => {
        const balancer = startLoadBalancerController(cluster, {
          namespace: NAMESPACE,
          selector: { app: "shop" },
          gate: "lb/gate",
        });
        cluster.time.after(360_000, () => balancer.setAway(true));
        cluster.time.after(660_000, () => balancer.setAway(false));
      },
    ],
    before: V1,
    release: V2,
  },
  {
    name: "new-pool-in-150s",
    kind: "E",
    what: "the release moves to another pool of nodes, which the autoscaler makes in 150 s",
    want: "nothing",
    nodes: SMALL_NODES,
    given: [autoscaled],
    before: { ...V1, ...cpu("300m") },
    release: { ...V2, ...cpu("300m"), pod: { nodeSelector: { pool: "big" } } },
  },
  {
    name: "no-such-pool",
    kind: "E",
    what: "the release selects nodes that no pool has",
    want: "rollback",
    withinSeconds: 120,
    nodes: SMALL_NODES,
    given: [autoscaled],
    before: { ...V1, ...cpu("300m") },
    release: { ...V2, ...cpu("300m"), pod: { nodeSelector: { pool: "huge" } } },
  },
  {
    name: "karpenter-takes-8-minutes",
    kind: "E",
    what: "the release asks for more; Karpenter makes a large node in eight minutes",
    want: "nothing",
    nodes: SMALL_NODES,
    given: [
      ({ cluster }) => {
        startKarpenter(cluster, {
          name: "large",
          node: { capacity: { cpu: "8", memory: "32Gi", pods: "110" }, readyAfterMs: 60_000 },
          arrivesAfterMs: 420_000,
        });
      },
    ],
    before: { ...V1, ...cpu("300m") },
    release: { ...V2, ...cpu("3") },
  },
  {
    name: "two-of-eight-on-a-bad-node",
    kind: "Q",
    what: "one of two nodes cannot pull for 200 s, and one of the first two new pods is there",
    want: "nothing",
    nodes: { nodes: 2 },
    given: [notOnNodes("shop:v2")],
    before: { ...V1, ...replicas(8) },
    release: { ...V2, ...replicas(8) },
    later: [[0, nodeFault({ on: { node: "node1" }, does: { pull: "unreachable" }, forMs: 200_000 })]],
  },
  {
    name: "injected-proxy-never-ready",
    kind: "K",
    what: "a proxy that a mesh injects is never ready, as its control plane is away",
    want: "no-rollback",
    before: V1,
    release: many(
      webhook({
        name: "injector",
        does: {
          inject: {
            containers: [
              {
                name: "istio-proxy",
                image: "proxy:1",
                env: [
                  { name: "PORT", value: "15021" },
                  { name: "HEALTH", value: "503" },
                ],
                readinessProbe: { httpGet: { path: "/healthz/ready", port: 15021 }, periodSeconds: 2 },
              },
            ],
          },
        },
      }),
      shipped(V2),
    ),
  },
  {
    name: "own-sidecar-never-ready",
    kind: "B",
    what: "a sidecar that the release adds is never ready",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: {
      ...V2,
      sidecars: [
        {
          name: "cache",
          image: "cache:1",
          env: [
            { name: "PORT", value: "15021" },
            { name: "HEALTH", value: "503" },
          ],
          readinessProbe: { httpGet: { path: "/", port: 15021 }, periodSeconds: 2 },
        },
      ],
    },
  },
  {
    name: "injected-init-container-waits",
    kind: "D",
    what: "an init container that Vault injects waits for a server that does not come",
    want: "no-rollback",
    before: V1,
    release: many(
      webhook({
        name: "vault",
        does: {
          inject: {
            initContainers: [
              { name: "vault-agent-init", image: "vault:1", env: [{ name: "EXIT_AFTER", value: "90000s" }] },
            ],
          },
        },
      }),
      shipped(V2),
    ),
  },
  {
    name: "third-release-in-two-minutes-is-bad",
    kind: "O",
    what: "v2, v3 and v4 come a minute apart, and v4 is bad",
    want: "rollback",
    before: V1,
    release: V2,
    later: [
      [60, shipped({ tag: "v3" })],
      [120, shipped({ tag: "v4", env: BAD })],
    ],
  },
  {
    name: "no-history",
    kind: "O",
    what: "revisionHistoryLimit is 0, and the old pods still run",
    want: "rollback",
    before: { ...V1, deployment: { revisionHistoryLimit: 0 } },
    release: { ...V2, env: BAD, deployment: { revisionHistoryLimit: 0 } },
  },
  {
    name: "service-switched-to-another-deployment",
    kind: "P",
    what: "a person switches the Service to another Deployment while a good release bakes",
    want: "no-rollback",
    given: [aNeighbour("green", V1)],
    before: V1,
    release: V2,
    later: [[60, aService("shop", { app: "green" })]],
  },
  {
    name: "service-deleted-and-created-again",
    kind: "P",
    what: "the Service is deleted and created again during the release",
    want: "nothing",
    before: V1,
    release: V2,
    later: [
      [3, deleted("services", "shop")],
      [20, aService("shop", { app: "shop", tier: "backend" })],
    ],
  },
  {
    name: "falls-ill-without-a-release",
    kind: "X",
    what: "the version that runs falls ill, and nothing was released",
    want: "no-rollback",
    before: { ...V1, env: { FAIL_AFTER: "700s" } },
    release: () => {},
  },
  {
    name: "secret-deleted-while-it-bakes",
    kind: "T",
    what: "somebody deletes the Secret of both versions while a good release bakes, and its pods are replaced",
    want: "no-rollback",
    given: [aSecret("db")],
    before: { ...V1, ...readsSecret },
    release: { ...V2, ...readsSecret },
    later: [
      [100, deleted("secrets", "db")],
      [110, podsDeleted("v2", 3)],
    ],
  },
];
