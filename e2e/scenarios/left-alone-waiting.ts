// Good versions that wait for something that comes: room, a Secret, their own slow start.
import type { Pod } from "@rolloutguard/simulated-cluster/objects";
import { SHOP } from "../testing/shop.ts";
import { type HealthyScenario, NOT_RECORDED_YET } from "./scenario.ts";
import { ALL_AT_ONCE, QUOTA_OF_THREE_PODS } from "./story/manifests.ts";

export const LEFT_ALONE_WAITING: readonly HealthyScenario[] = [
  {
    name: "quota-one-by-one",
    title: "when a full quota refuses each new pod until an old one has ended",
    kind: "leftAlone",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      const version = {
        env: { IGNORE_TERM: "1" },
        pod: { terminationGracePeriodSeconds: 20 },
        deployment: {
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        },
      } as const;
      await when.create("resourcequotas", QUOTA_OF_THREE_PODS);
      await given.aGuardedApplication({ tag: "v1", ...version });
      await when.shipped({ tag: "v2", ...version });
      await then.leftAlone();
    },
  },
  {
    name: "late-secret",
    title: "to a version whose Secret is created 50 s after its pods",
    kind: "leftAlone",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then, sight, eventually, pass }) {
      await given.aGuardedApplication();
      const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
      await when.shipped({ tag: "v2", container: { env: [{ name: "DATABASE_URL", valueFrom }] } });
      await eventually(
        () => "a new pod waits for its Secret",
        () => sight.pods(SHOP).some((pod) => isWaitingFor("CreateContainerConfigError", pod)),
      );
      await pass(50_000);
      await when.create("secrets", {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "database" },
        stringData: { DATABASE_URL: "postgres://db/shop" },
      });
      await then.leftAlone();
    },
  },
  {
    name: "startup-past-deadline",
    title: "to a version that starts later than progressDeadlineSeconds, as its startup probe allows",
    kind: "leftAlone",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then, sight, eventually }) {
      const startupProbe = {
        httpGet: { path: "/healthz", port: 8080 },
        periodSeconds: 2,
        failureThreshold: 90,
      };
      const deployment = { ...ALL_AT_ONCE, progressDeadlineSeconds: 30 };
      await given.aGuardedApplication({ tag: "v1", container: { startupProbe }, deployment });
      await when.shipped({
        tag: "v2",
        env: { START_DELAY: "60s" },
        container: { startupProbe },
        deployment,
      });
      await eventually(
        () => "Kubernetes calls the rollout late",
        () =>
          sight
            .deployment(SHOP)
            .status?.conditions?.some(({ reason }) => reason === "ProgressDeadlineExceeded"),
      );
      await then.leftAlone();
    },
  },
  {
    name: "starts-at-fourth-try",
    title: "to a version that exits three times before it runs, while the old pods serve",
    kind: "leftAlone",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await given.aGuardedApplication({ tag: "v1", deployment: ALL_AT_ONCE });
      await when.shipped({
        tag: "v2",
        env: { CRASH: "1", CRASH_TIMES: "3", STARTS_FILE: "/state/starts" },
        pod: { volumes: [{ name: "state", emptyDir: {} }] },
        container: { volumeMounts: [{ name: "state", mountPath: "/state" }] },
        deployment: ALL_AT_ONCE,
      });
      await then.leftAlone();
    },
  },
];

function isWaitingFor(reason: string, { status }: Pod): boolean {
  return status?.containerStatuses?.some(({ state }) => state?.waiting?.reason === reason) ?? false;
}
