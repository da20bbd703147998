// Applications that never look complete, or have a Service that nobody serves: as before the release, and so no fault.
import { expect } from "chai";
import { LABELS, SHOP } from "../testing/shop.ts";
import { type HealthyScenario, NOT_RECORDED_YET } from "./scenario.ts";

const LEASE_RIGHTS = {
  apiGroups: ["coordination.k8s.io"],
  resources: ["leases"],
  verbs: ["get", "create", "update", "patch"],
};

export const LEFT_ALONE_BY_DESIGN: readonly HealthyScenario[] = [
  {
    name: "worker-exits-zero",
    title: "to a worker that exits with 0 when its work is done, as the old version did",
    kind: "leftAlone",
    needs: ["operator"],
    async play({ given, when, then, pass }) {
      const worker = { env: { EXIT_AFTER: "30s" }, container: { readinessProbe: undefined } };
      await given.aGuardedApplication({ tag: "v1", ...worker });
      // The guard learns how the old version behaves.
      await pass(100_000);
      await when.shipped({ tag: "v2", ...worker });
      await then.untouched();
    },
  },
  {
    name: "leader-only-ready",
    title: "to an application of which only the leader is ready, as in the old version",
    kind: "leftAlone",
    needs: ["operator"],
    async play({ when, then, sight, eventually, pass, namespace }) {
      await when.create("roles", {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "leader" },
        rules: [LEASE_RIGHTS],
      });
      await when.create("rolebindings", {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "leader" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "leader" },
        subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
      });
      const version = {
        env: { LEASE: "leader" },
        pod: { automountServiceAccountToken: true },
        deployment: { replicas: 2, strategy: { type: "Recreate" } },
      } as const;
      const leads = () => sight.readyEndpoints(SHOP) === 1;
      await when.found({ tag: "v1", ...version }, SHOP);
      await when.guarded();
      await eventually(() => "one pod leads", leads);
      // The guard learns how the old version behaves.
      await pass(60_000);
      await when.shipped({ tag: "v2", ...version });
      await then.untouched();
      expect(leads(), "one pod leads").to.equal(true);
    },
  },
  {
    name: "service-never-served",
    title: "to a good version behind a second Service whose port nobody has ever declared",
    kind: "leftAlone",
    unrecorded: NOT_RECORDED_YET,
    async play({ given, when, then }) {
      await when.create("services", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "metrics" },
        spec: { selector: LABELS, ports: [{ port: 9_090, targetPort: "metrics" }] },
      });
      await given.aGuardedApplication();
      await when.shipped({ tag: "v2" });
      await then.leftAlone();
    },
  },
  {
    name: "service-of-each-version",
    title: "to a good version that leaves the Service of the version before for one of its own",
    kind: "leftAlone",
    unrecorded: NOT_RECORDED_YET,
    async play({ when, then, sight, eventually }) {
      for (const version of ["v1", "v2"]) {
        await when.create("services", {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: `${SHOP}-${version}` },
          spec: { selector: { ...LABELS, version }, ports: [{ port: 80, targetPort: 8080 }] },
        });
      }
      await when.found({ tag: "v1", labels: { ...LABELS, version: "v1" } }, SHOP);
      await eventually(
        () => "the first version's Service has its pods",
        () => sight.readyEndpoints(`${SHOP}-v1`) === 3,
      );
      await when.guarded();
      await then.takenUp();
      await when.shipped({ tag: "v2", labels: { ...LABELS, version: "v2" } });
      await then.leftAlone();
      expect(sight.readyEndpoints(`${SHOP}-v1`)).to.equal(0);
    },
  },
];
