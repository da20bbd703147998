// Kinds D and E: somebody is expected, or something simply takes long; and what looks like that and is a mistake.
import { startClusterAutoscaler, startKarpenter } from "@rolloutguard/simulated-cluster/add-ons";
import { ALL_AT_ONCE } from "../../scenarios/story/manifests.ts";
import type { Version } from "../../testing/shop.ts";
import { aSecret, nodeFault, noSandboxes, notOnNodes, webhook } from "../deeds.ts";
import type { FieldStory } from "../field-story.ts";

const V1: Version = { tag: "v1" };
const V2: Version = { tag: "v2" };
const requests = (cpu: string) => ({ resources: { requests: { cpu, memory: "64Mi" } } });
const SMALL_NODES = { nodes: 2, nodeCapacity: { cpu: "2", memory: "8Gi", pods: "110" } };
const readSecret = {
  container: {
    env: [{ name: "URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } }],
  },
};
const startup = (periodSeconds: number, failureThreshold: number) => ({
  startupProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds, failureThreshold },
});
const IP_EXHAUSTED =
  'rpc error: code = Unknown desc = failed to setup network for sandbox "ID": plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container';

export const WAITING: readonly FieldStory[] = [
  {
    name: "cni-out-of-addresses",
    kind: "E",
    what: "the VPC has no addresses left for eight minutes; old pods serve",
    want: "nothing",
    before: V1,
    release: V2,
    given: [],
    later: [[0, noSandboxes(IP_EXHAUSTED, 480)]],
  },
  {
    name: "cni-away-for-good",
    kind: "E",
    what: "the network plugin of the nodes is broken for everybody",
    want: "no-rollback",
    before: V1,
    release: V2,
    later: [
      [
        0,
        noSandboxes(
          'rpc error: code = Unknown desc = failed to setup network for sandbox "ID": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized',
          5_000,
        ),
      ],
    ],
  },
  {
    name: "runtime-handler-missing",
    kind: "E",
    what: "the release asks for a RuntimeClass whose handler no node has",
    want: "rollback",
    before: V1,
    release: { ...V2, pod: { runtimeClassName: "gvisor" } },
    later: [
      [
        0,
        noSandboxes(
          'rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "gvisor" is configured',
          5_000,
        ),
      ],
    ],
  },
  {
    name: "device-plugin-restarts",
    kind: "E",
    what: "the device plugin of the nodes restarts for 80 s, in which kubelets reject pods; the release asks for what the old one asked for",
    want: "nothing",
    before: V1,
    release: V2,
    given: [],
    later: [[0, nodeFault({ does: { refuse: "UnexpectedAdmissionError" }, forMs: 80_000 })]],
  },
  {
    name: "node-out-of-pods",
    kind: "E",
    what: "the scheduler is ahead of the kubelet: OutOfpods for 90 s",
    want: "nothing",
    before: V1,
    release: V2,
    later: [[0, nodeFault({ does: { refuse: "OutOfpods" }, forMs: 90_000 })]],
  },
  {
    name: "registry-503",
    kind: "E",
    what: "the registry is down (503) for five minutes; old pods serve",
    want: "nothing",
    before: V1,
    release: V2,
    given: [notOnNodes("shop:v2")],
    later: [[0, nodeFault({ does: { pull: "unavailable" }, forMs: 300_000 })]],
  },
  {
    name: "registry-unreachable-220s",
    kind: "E",
    what: "the name server of the nodes is away for 220 s; the image is of the same registry as before",
    want: "nothing",
    before: V1,
    release: V2,
    given: [notOnNodes("shop:v2")],
    later: [[0, nodeFault({ does: { pull: "unreachable" }, forMs: 220_000 })]],
  },
  {
    name: "wrong-registry-host",
    kind: "E",
    what: "the release names a registry that does not exist",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, container: { image: "registry.invalid/shop:v2" } },
  },
  {
    name: "tag-not-pushed",
    kind: "E",
    what: "the tag does not exist",
    want: "rollback",
    withinSeconds: 60,
    before: V1,
    release: V2,
    given: [notOnNodes("shop:v2")],
    later: [[0, nodeFault({ does: { pull: "notFound" } })]],
  },
  {
    name: "arm-image-on-amd",
    kind: "E",
    what: "the image was built for other processors",
    want: "rollback",
    withinSeconds: 60,
    before: V1,
    release: V2,
    given: [notOnNodes("shop:v2")],
    later: [[0, nodeFault({ does: { pull: "noPlatform" } })]],
  },
  {
    name: "registry-credentials-expired",
    kind: "E",
    what: "the pull Secret's token has expired; the repository is that of the old version",
    want: "no-rollback",
    before: { ...V1, container: { image: "registry.example.com/team/shop:v1" } },
    release: { ...V2, container: { image: "registry.example.com/team/shop:v2" } },
    given: [notOnNodes("registry.example.com/team/shop:v2")],
    later: [[0, nodeFault({ does: { pull: "unauthorized" } })]],
  },
  {
    name: "private-repository-without-secret",
    kind: "E",
    what: "the release moves to a private repository and forgets the pull Secret",
    want: "rollback",
    withinSeconds: 60,
    before: V1,
    release: { ...V2, container: { image: "registry.example.com/private/shop:v2" } },
    given: [notOnNodes("registry.example.com/private/shop:v2")],
    later: [[0, nodeFault({ does: { pull: "unauthorized" } })]],
  },
  {
    name: "image-verifier-cannot-reach-registry",
    kind: "E",
    what: "an image verification webhook denies pods because it cannot reach the registry, for two minutes",
    want: "nothing",
    before: V1,
    release: V2,
    later: [
      [
        0,
        webhook({
          name: "mutate.kyverno.svc-fail",
          does: {
            deny: "resource Pod/field/shop was blocked due to the following policies verify-image: autogen-verify: 'failed to verify image ghcr.io/team/shop:v2: .attestors[0].entries[0].keys: Get \"https://ghcr.io/v2/\": dial tcp 140.82.121.34:443: i/o timeout'",
          },
          forMs: 120_000,
        }),
      ],
    ],
  },
  {
    name: "image-not-signed",
    kind: "E",
    what: "an image verification webhook denies the unsigned image",
    want: "rollback",
    withinSeconds: 90,
    before: V1,
    release: V2,
    later: [
      [
        0,
        webhook({
          name: "mutate.kyverno.svc-fail",
          does: {
            deny: "resource Pod/field/shop was blocked due to the following policies verify-image: autogen-verify: 'failed to verify image ghcr.io/team/shop:v2: .attestors[0].entries[0].keys: no signatures found'",
          },
        }),
      ],
    ],
  },
  {
    name: "webhook-certificate-expired",
    kind: "E",
    what: "the certificate of an injection webhook has expired, for everybody",
    want: "no-rollback",
    before: V1,
    release: V2,
    later: [
      [
        0,
        webhook({
          name: "sidecar-injector.istio.io",
          does: {
            fail: "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
          },
        }),
      ],
    ],
  },
  {
    name: "karpenter-four-minutes",
    kind: "E",
    what: "the release asks for more; Karpenter makes a node in four minutes",
    want: "nothing",
    nodes: SMALL_NODES,
    before: { ...V1, container: requests("500m") },
    release: { ...V2, container: requests("1500m") },
    given: [
      ({ cluster }) => {
        startKarpenter(cluster, {
          name: "default",
          node: { capacity: { cpu: "4", memory: "16Gi", pods: "110" }, readyAfterMs: 30_000 },
          arrivesAfterMs: 210_000,
        });
      },
    ],
  },
  {
    name: "pool-sold-out",
    kind: "E",
    what: "a node is lost and the cloud has no other: what the release asks for is what the old one asked for",
    want: "no-rollback",
    nodes: { nodes: 1, nodeCapacity: { cpu: "2", memory: "8Gi", pods: "110" } },
    before: { ...V1, container: requests("600m") },
    release: { ...V2, container: requests("600m") },
    given: [
      ({ cluster }) => {
        startClusterAutoscaler(cluster, {
          groups: [
            {
              name: "pool",
              size: 1,
              maxSize: 1,
              node: { capacity: { cpu: "2", memory: "8Gi", pods: "110" } },
              arrivesAfterMs: 100_000,
            },
          ],
        });
      },
    ],
  },
  {
    name: "request-too-large",
    kind: "E",
    what: "the release asks for more than any node has; the autoscaler says that no pool fits",
    want: "rollback",
    withinSeconds: 700,
    nodes: SMALL_NODES,
    before: { ...V1, container: requests("300m") },
    release: { ...V2, container: requests("64") },
    given: [
      ({ cluster }) => {
        startClusterAutoscaler(cluster, {
          groups: [
            {
              name: "pool",
              size: 2,
              maxSize: 5,
              node: { capacity: { cpu: "2", memory: "8Gi", pods: "110" } },
              arrivesAfterMs: 100_000,
            },
          ],
        });
      },
    ],
  },
  {
    name: "secret-after-100s",
    kind: "E",
    what: "a certificate is issued 100 s after the release",
    want: "nothing",
    before: V1,
    release: { ...V2, ...readSecret },
    later: [[100, aSecret("db")]],
  },
  {
    name: "secret-never",
    kind: "E",
    what: "nobody creates the Secret",
    want: "rollback",
    withinSeconds: 200,
    before: V1,
    release: { ...V2, ...readSecret },
  },
  {
    name: "mounted-secret-after-110s",
    kind: "E",
    what: "a Secret that is mounted as a volume comes after 110 s",
    want: "nothing",
    before: V1,
    release: {
      ...V2,
      pod: { volumes: [{ name: "tls", secret: { secretName: "tls" } }] },
      container: { volumeMounts: [{ name: "tls", mountPath: "/tls" }] },
    },
    later: [[110, aSecret("tls")]],
  },
  {
    name: "key-misspelt",
    kind: "E",
    what: "the Secret is there and lacks the key",
    want: "rollback",
    withinSeconds: 60,
    before: V1,
    given: [aSecret("db", ["other"])],
    release: { ...V2, ...readSecret },
  },
  {
    name: "migration-of-25-minutes",
    kind: "D",
    what: "an init container migrates a database for 25 minutes",
    want: "nothing",
    before: V1,
    release: {
      ...V2,
      pod: {
        initContainers: [
          { name: "migrate", image: "migrate:v2", env: [{ name: "EXIT_AFTER", value: "1500s" }] },
        ],
      },
    },
    lastsSeconds: 2_400,
  },
  {
    name: "migration-fails",
    kind: "D",
    what: "the migration fails each time after 40 s",
    want: "rollback",
    before: V1,
    release: {
      ...V2,
      pod: {
        initContainers: [
          {
            name: "migrate",
            image: "migrate:v2",
            env: [
              { name: "CRASH", value: "1" },
              { name: "CRASH_AFTER", value: "40s" },
            ],
          },
        ],
      },
    },
  },
  {
    name: "image-of-30-minutes",
    kind: "D",
    what: "an image with a model takes half an hour to pull",
    want: "nothing",
    before: V1,
    release: V2,
    given: [notOnNodes("shop:v2")],
    later: [[0, nodeFault({ on: { image: "shop:v2" }, does: { pullTakesMs: 1_800_000 } })]],
    lastsSeconds: 2_600,
  },
  {
    name: "deadline-60-start-90",
    kind: "D",
    what: "progressDeadlineSeconds is 60, and both versions start in 90 s",
    want: "nothing",
    before: { ...V1, env: { START_DELAY: "90s" }, deployment: { progressDeadlineSeconds: 60 } },
    release: { ...V2, env: { START_DELAY: "90s" }, deployment: { progressDeadlineSeconds: 60 } },
  },
  {
    name: "start-of-12-minutes-by-readiness",
    kind: "D",
    what: "both versions warm up for 12 minutes without a startup probe",
    want: "nothing",
    ranSeconds: 10,
    guardedSeconds: 2_000,
    before: { ...V1, env: { START_DELAY: "720s" }, deployment: ALL_AT_ONCE },
    release: { ...V2, env: { START_DELAY: "720s" }, deployment: ALL_AT_ONCE },
    lastsSeconds: 1_800,
  },
  {
    name: "start-of-12-minutes-guarded-late",
    kind: "D",
    what: "both versions warm up for 12 minutes without a startup probe; the guard has not seen a rollout yet",
    want: "nothing",
    ranSeconds: 2_000,
    before: { ...V1, env: { START_DELAY: "720s" }, deployment: ALL_AT_ONCE },
    release: { ...V2, env: { START_DELAY: "720s" }, deployment: ALL_AT_ONCE },
    lastsSeconds: 1_800,
  },
  {
    name: "startup-probe-allows-30-minutes",
    kind: "D",
    what: "the startup probe allows half an hour; the new version, unlike the old, takes 20 minutes",
    want: "nothing",
    before: { ...V1, container: startup(10, 180) },
    release: { ...V2, env: { START_DELAY: "1200s" }, container: startup(10, 180) },
    lastsSeconds: 2_000,
  },
  {
    name: "startup-probe-too-short",
    kind: "D",
    what: "the startup probe allows 60 s and the new version needs 90: it is killed again and again",
    want: "rollback",
    withinSeconds: 400,
    before: { ...V1, container: startup(5, 12) },
    release: { ...V2, env: { START_DELAY: "90s" }, container: startup(5, 12) },
  },
  {
    name: "dependency-away-for-both",
    kind: "E",
    what: "a dependency goes away during the release; old pods lose readiness as well, for three minutes",
    want: "no-rollback",
    before: { ...V1, env: { FAIL_AFTER: "370s", FAIL_FOR: "180s" } },
    release: { ...V2, env: { FAIL_AFTER: "0s", FAIL_FOR: "180s" } },
  },
  {
    name: "waits-for-dependency-4-minutes",
    kind: "E",
    what: "the new version waits, unready, for a Service that comes after four minutes; old pods serve",
    want: "no-rollback",
    before: V1,
    release: { ...V2, env: { WAITS_FOR: "configmap/ready" }, container: startup(10, 60) },
    later: [
      [
        240,
        ({ cluster }) =>
          cluster.store.apply({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "ready", namespace: "field" },
            data: { a: "b" },
          }),
      ],
    ],
  },
  {
    name: "quarter-away-and-slow-start",
    kind: "E",
    what: "four replicas, of which the default strategy takes one away; each new pod answers 500 for 70 s",
    want: "nothing",
    before: { ...V1, deployment: { replicas: 4 } },
    release: { ...V2, deployment: { replicas: 4 }, env: { FAIL_AFTER: "0s", FAIL_FOR: "70s" } },
  },
  {
    name: "quarter-away-and-secret-late",
    kind: "E",
    what: "eight replicas, of which the default strategy takes two away; the Secret comes after 70 s",
    want: "nothing",
    before: { ...V1, deployment: { replicas: 8 } },
    release: { ...V2, ...readSecret, deployment: { replicas: 8 } },
    later: [[70, aSecret("db")]],
  },
  {
    name: "quarter-away-and-bad",
    kind: "E",
    what: "ten replicas, of which the default strategy takes two away; the new pods are never ready",
    want: "rollback",
    withinSeconds: 200,
    before: { ...V1, deployment: { replicas: 10 } },
    release: { ...V2, env: { HEALTH: "500" }, deployment: { replicas: 10 } },
  },
];
