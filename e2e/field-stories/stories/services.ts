// Kinds H, J, K, L, M, N, P, R, T and W: what surrounds the pods, and the way back.
import { startLoadBalancerController } from "@rolloutguard/simulated-cluster/add-ons";
import { ALL_AT_ONCE } from "../../scenarios/story/manifests.ts";
import { LABELS, type Version } from "../../testing/shop.ts";
import {
  aNeighbour,
  applied,
  aSecret,
  aService,
  deleted,
  evicted,
  nodeFault,
  notOnNodes,
  restarted,
  scaledTo,
  shipped,
  webhook,
} from "../deeds.ts";
import { type Deed, type FieldStory, NAMESPACE } from "../field-story.ts";

const V1: Version = { tag: "v1" };
const V2: Version = { tag: "v2" };
const BAD = { HEALTH: "500" };
const SELECTED = { app: "shop", tier: "backend" };
const port = (name: string, containerPort = 8080) => ({ container: { ports: [{ name, containerPort }] } });
const listensOn = (number: number) => ({
  env: { PORT: String(number) },
  container: {
    ports: [{ containerPort: number }],
    readinessProbe: { httpGet: { path: "/healthz", port: number }, periodSeconds: 2 },
  },
});
const readsSecret = {
  container: { env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } }] },
};
const many =
  (...deeds: readonly Deed[]): Deed =>
  (scene) => {
    for (const deed of deeds) deed(scene);
  };
const ships = (version: Version, ...more: readonly Deed[]): Deed => many(...more, shipped(version));
const loadBalancer =
  (healthyAfterMs: number): Deed =>
  ({ cluster }) => {
    startLoadBalancerController(cluster, {
      namespace: NAMESPACE,
      selector: SELECTED,
      gate: "target-health.elbv2.k8s.aws/k8s-shop",
      healthyAfterMs,
    });
  };
const neighboursIll = (names: readonly string[], env: Record<string, string>) =>
  names.map((name) => aNeighbour(name, { tag: "v1", env }));

export const SERVICES: readonly FieldStory[] = [
  {
    name: "label-lost",
    kind: "P",
    what: "the release loses a label that the Service selects",
    want: "rollback",
    withinSeconds: 60,
    before: V1,
    release: { ...V2, labels: { app: "shop" } },
  },
  {
    name: "label-lost-of-one-of-two-services",
    kind: "P",
    what: "two Services; the release loses the label that one of them selects",
    want: "rollback",
    withinSeconds: 60,
    given: [aService("metrics", { app: "shop", scrape: "yes" })],
    before: { ...V1, labels: { ...LABELS, scrape: "yes" } },
    release: V2,
  },
  {
    name: "label-and-service-changed-together",
    kind: "P",
    what: "labels and the selector are renamed together",
    want: "nothing",
    before: V1,
    release: ships(
      { ...V2, labels: { app: "shop", tier: "api" } },
      aService("shop", { app: "shop", tier: "api" }),
    ),
  },
  {
    name: "service-changed-seconds-before",
    kind: "P",
    what: "the selector is renamed 8 s before the pods",
    want: "nothing",
    before: V1,
    release: aService("shop", { app: "shop", tier: "api" }),
    later: [[8, shipped({ ...V2, labels: { app: "shop", tier: "api" } })]],
  },
  {
    name: "service-changed-seconds-after",
    kind: "P",
    what: "a label is renamed, and the selector 10 s after the pods",
    want: "nothing",
    before: V1,
    release: { ...V2, labels: { app: "shop", tier: "api" } },
    later: [[10, aService("shop", { app: "shop", tier: "api" })]],
  },
  {
    name: "renamed-together-and-bad",
    kind: "P",
    what: "labels and selector are renamed together, and the new version fails: the old pods would not be selected",
    want: "no-rollback",
    before: V1,
    release: ships(
      { ...V2, env: BAD, labels: { app: "shop", tier: "api" } },
      aService("shop", { app: "shop", tier: "api" }),
    ),
  },
  {
    name: "named-port-lost",
    kind: "P",
    what: "the release renames the port that the Service sends to",
    want: "rollback",
    withinSeconds: 60,
    given: [aService("web", SELECTED, "http")],
    before: { ...V1, ...port("http") },
    release: { ...V2, ...port("web") },
  },
  {
    name: "port-changed-in-the-application-only",
    kind: "N",
    what: "the application listens elsewhere; probe and Service stay",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, env: { PORT: "9090" } },
  },
  {
    name: "port-probe-and-service-moved",
    kind: "N",
    what: "port, probe and Service move together; it starts in 70 s",
    want: "nothing",
    before: V1,
    release: ships(
      { ...V2, ...listensOn(9090), env: { PORT: "9090", START_DELAY: "70s" } },
      aService("shop", SELECTED, 9090),
    ),
  },
  {
    name: "probe-path-changed",
    kind: "N",
    what: "the new probe path answers 500",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: {
      ...V2,
      env: BAD,
      container: { readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 2 } },
    },
  },
  {
    name: "slow-start-130s",
    kind: "N",
    what: "a new version that starts in 130 s where the old took 5; old pods serve",
    want: "nothing",
    before: V1,
    release: { ...V2, env: { START_DELAY: "130s" } },
  },
  {
    name: "service-that-never-served",
    kind: "R",
    what: "a Service for metrics whose port no pod has is there from the start",
    want: "nothing",
    given: [aService("metrics", { app: "shop" }, "metrics")],
    before: V1,
    release: V2,
  },
  {
    name: "service-made-in-the-middle",
    kind: "R",
    what: "a Service that selects nothing of it is created while it bakes",
    want: "nothing",
    before: V1,
    release: V2,
    later: [[60, aService("later", { app: "shop" }, "metrics")]],
  },
  {
    name: "service-deleted-by-a-person",
    kind: "R",
    what: "a person deletes a second Service after the release",
    want: "nothing",
    given: [aService("old", { app: "shop" })],
    before: V1,
    release: V2,
    later: [[60, deleted("services", "old")]],
  },
  {
    name: "endpoints-late",
    kind: "W",
    what: "the endpoint controller is away for two minutes during the release",
    want: "no-rollback",
    before: V1,
    release: many(
      ({ cluster }) => void cluster.pauseController("endpointslice-controller", 120_000),
      shipped(V2),
    ),
  },
  {
    name: "api-server-silent",
    kind: "W",
    what: "the API server answers nobody for 40 s",
    want: "nothing",
    before: { ...V1, env: { START_DELAY: "10s" } },
    release: many(shipped({ ...V2, env: { START_DELAY: "10s" } }), ({ cluster }) =>
      cluster.silenceApiServer(40_000),
    ),
  },
  {
    name: "canary-of-a-shared-service-crashes",
    kind: "J",
    what: "the canary crashes behind a Service that it shares with the stable Deployment",
    want: "rollback",
    withinSeconds: 200,
    given: [
      many(
        aNeighbour("stable", { tag: "v1", labels: { ...LABELS, app: "stable", team: "t" } }),
        aService("all", { team: "t" }),
      ),
    ],
    before: { ...V1, labels: { ...LABELS, team: "t" }, deployment: { replicas: 1 } },
    release: { ...V2, labels: { ...LABELS, team: "t" }, env: { CRASH: "1" }, deployment: { replicas: 1 } },
  },
  {
    name: "canary-lost-from-shared-service",
    kind: "J",
    what: "the canary loses the label of the Service that it shares",
    want: "rollback",
    withinSeconds: 90,
    given: [
      many(
        aNeighbour("stable", { tag: "v1", labels: { ...LABELS, app: "stable", team: "t" } }),
        aService("all", { team: "t" }),
      ),
    ],
    before: { ...V1, labels: { ...LABELS, team: "t" }, deployment: { replicas: 2 } },
    release: { ...V2, deployment: { replicas: 2 } },
  },
  {
    name: "load-balancer-slow",
    kind: "H",
    what: "each target needs 150 s until the load balancer calls it healthy",
    want: "nothing",
    given: [loadBalancer(150_000)],
    before: { ...V1, deployment: ALL_AT_ONCE },
    release: { ...V2, deployment: ALL_AT_ONCE },
    ranSeconds: 600,
  },
  {
    name: "load-balancer-never",
    kind: "H",
    what: "the load balancer never calls the new targets healthy",
    want: "rollback",
    withinSeconds: 700,
    given: [loadBalancer(10_000)],
    before: V1,
    release: many(
      ({ cluster }) =>
        void startLoadBalancerController(cluster, {
          namespace: NAMESPACE,
          selector: { v: "2" },
          gate: "other/gate",
          healthyAfterMs: 10_000_000,
          webhook: "other",
        }),
      shipped({ ...V2, labels: { ...LABELS, v: "2" } }),
    ),
  },
  {
    name: "restart-reads-a-broken-secret",
    kind: "K",
    what: "a restart, and every new pod crashes for what a Secret says; old pods serve",
    want: "no-rollback",
    given: [aSecret("db")],
    before: { ...V1, env: { NEEDS: "configmap/x" } },
    release: many(deleted("configmaps", "x"), restarted),
    later: [],
    ranSeconds: 300,
  },
  {
    name: "checksum-annotation-and-image",
    kind: "K",
    what: "a checksum and the image change, and the image is bad",
    want: "rollback",
    withinSeconds: 200,
    before: { ...V1, annotations: { "checksum/config": "a" } },
    release: { ...V2, env: BAD, annotations: { "checksum/config": "b" } },
  },
  {
    name: "checksum-annotation-only",
    kind: "K",
    what: "only the checksum of a ConfigMap changes, and every new pod crashes",
    want: "no-rollback",
    before: { ...V1, annotations: { "checksum/config": "a" }, env: { NEEDS: "configmap/x" } },
    given: [applied({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, data: { a: "b" } })],
    release: many(
      deleted("configmaps", "x"),
      shipped({ ...V1, annotations: { "checksum/config": "b" }, env: { NEEDS: "configmap/x" } }),
    ),
  },
  {
    name: "mutable-tag-moved",
    kind: "K",
    what: "a restart pulls a tag that was pushed again, and the new image crashes",
    want: "no-rollback",
    before: { tag: "latest", container: { imagePullPolicy: "Always" } },
    release: many(
      ({ cluster }) => cluster.images.set("shop:latest", { build: "b2", env: { CRASH: "1" } }),
      restarted,
    ),
  },
  {
    name: "injected-image-not-there",
    kind: "K",
    what: "the injector's own image cannot be pulled",
    want: "no-rollback",
    before: V1,
    release: many(
      webhook({
        name: "injector",
        does: { inject: { containers: [{ name: "agent", image: "registry.invalid/agent:9" }] } },
      }),
      shipped(V2),
    ),
  },
  {
    name: "secret-overwritten-meets-all-new-pods",
    kind: "T",
    what: "the Secret is gone; new pods of both versions fail: an old pod was evicted as well",
    want: "no-rollback",
    given: [aSecret("db")],
    before: { ...V1, ...readsSecret },
    release: many(deleted("secrets", "db"), shipped({ ...V2, ...readsSecret })),
    later: [[10, evicted("v1", 1)]],
  },
  {
    name: "schema-gone-old-pods-serve",
    kind: "T",
    what: "the database's schema was migrated: every pod that starts crashes, an old one that was evicted too",
    want: "no-rollback",
    given: [applied({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "schema" }, data: { a: "b" } })],
    before: { ...V1, env: { NEEDS: "configmap/schema" } },
    release: many(deleted("configmaps", "schema"), shipped({ ...V2, env: { NEEDS: "configmap/schema" } })),
    later: [[20, evicted("v1", 1)]],
  },
  {
    name: "outage-of-neighbours",
    kind: "M",
    what: "five neighbours fall ill together with the new pods, for four minutes",
    want: "no-rollback",
    given: neighboursIll(["a", "b", "c", "d", "e"], { FAIL_AFTER: "370s", FAIL_FOR: "240s" }),
    before: { ...V1, env: { FAIL_AFTER: "375s", FAIL_FOR: "240s" } },
    release: { ...V2, env: { FAIL_AFTER: "12s", FAIL_FOR: "240s" } },
  },
  {
    name: "dependents-fail-after-it",
    kind: "M",
    what: "a bad release takes its callers with it twelve seconds later",
    want: "rollback",
    withinSeconds: 150,
    given: neighboursIll(["a", "b", "c"], { FAIL_AFTER: "392s", FAIL_FOR: "60s" }),
    before: {
      ...V1,
      deployment: { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } } },
    },
    release: {
      ...V2,
      env: BAD,
      deployment: { strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } } },
    },
  },
  {
    name: "recreated-with-a-new-template",
    kind: "L",
    what: "deleted and created again with another template, which fails",
    want: "incident",
    before: V1,
    release: many(deleted("deployments", "shop")),
    later: [[10, shipped({ ...V2, env: BAD })]],
  },
  {
    name: "good-revision-rolled-out-again-and-ill",
    kind: "L",
    what: "back to v1 by hand, which was good once and crashes now",
    want: "rollback",
    before: V1,
    release: V2,
    guardedSeconds: 60,
    later: [[500, shipped({ tag: "v1", env: { CRASH: "1" } })]],
  },
  {
    name: "rolled-out-again-and-secret-gone",
    kind: "L",
    what: "a person applies the very v1 again, which was good once; its Secret is gone since",
    want: "rollback",
    given: [aSecret("db")],
    before: { ...V1, ...readsSecret },
    release: V2,
    later: [[500, many(deleted("secrets", "db"), shipped({ ...V1, ...readsSecret }))]],
  },
  {
    name: "scaled-up-long-after",
    kind: "V",
    what: "a good release is scaled from three to nine an hour later; the new pods cannot pull",
    want: "no-rollback",
    before: V1,
    release: V2,
    later: [
      [1_000, many(notOnNodes("shop:v2"), scaledTo(9))],
      [999, nodeFault({ does: { pull: "unavailable" } })],
    ],
    lastsSeconds: 2_000,
  },
];
