// Every class of causes from the cluster's own words and facts: the class, how sure it is, and what the sentences name.
import { expect } from "chai";
import { CAUSES, type CauseClass, type Certainty, causePage } from "../../api/causes.ts";
import type { FindingReason } from "../../api/reasons.ts";
import type { CheckName, FailingFinding } from "../decision.ts";
import { rolloutOf } from "../rollout/rollout.ts";
import { crashed, notReadyYet, unschedulable, waitsFor, waitsForGate } from "../testing/a-pod.ts";
import { appWith, aVariable, extraContainer, labels, readinessProbe } from "../testing/a-template.ts";
import {
  anOutage,
  changing,
  completedAfter,
  warned,
  whoseOldTemplateHad,
  whoseTemplatesHave,
  withCurrent,
  withPods,
  withService,
  withSurroundings,
} from "../testing/facts.ts";
import { seconds, T0 } from "../testing/instants.ts";
import { aFirstRollout, aRollout, at, type Fact, given } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import type { Cause } from "./cause.ts";
import { causesOf } from "./ordered-causes.ts";

interface Wanted {
  readonly reason: FindingReason;
  /** What the cluster says, beside what it is. */
  readonly says?: string;
  readonly facts?: readonly Fact[];
  readonly cause: CauseClass;
  readonly certainty: Certainty;
  /** What message and remedy name. */
  readonly names: RegExp;
  readonly patch?: RegExp;
  /** The first release of all. */
  readonly isFirst?: true;
}

const CHECKS: Record<FindingReason, CheckName> = {
  CrashLooping: "crashLoop",
  OutOfMemory: "crashLoop",
  InitContainerFailing: "crashLoop",
  ImagePullFailing: "imagePull",
  ContainerConfigError: "configError",
  CreateFailed: "createFailed",
  PodRejected: "podRejected",
  Unschedulable: "unschedulable",
  NotReady: "readiness",
  EmptyEndpoints: "emptyEndpoints",
  ProgressDeadlineExceeded: "progressDeadline",
  Degraded: "degraded",
};

const refused = (port: number, which = "Readiness") =>
  warned(
    "Unhealthy",
    `${which} probe failed: Get "http://10.0.0.7:${port}/healthz": dial tcp 10.0.0.7:${port}: connect: connection refused`,
  );
const unready = withPods(3, notReadyYet);
const crashes = (end: Parameters<typeof crashed>[0]) => withPods(3, crashed(end));
const imageSays = (says: string, reason = "ErrImagePull"): Pick<Wanted, "reason" | "says" | "facts"> => ({
  reason: "ImagePullFailing",
  says,
  facts: [withPods(3, waitsFor(reason, says))],
});
const refuses = (says: string): Pick<Wanted, "reason" | "says"> => ({ reason: "CreateFailed", says });
const nodesSay = (says: string): Pick<Wanted, "reason" | "says" | "facts"> => ({
  reason: "Unschedulable",
  says: `0/3 nodes are available: ${says}`,
  facts: [withPods(3, unschedulable(T0))],
});

const TABLE: Record<string, Wanted> = {
  "a Secret that is not there": {
    reason: "ContainerConfigError",
    says: 'secret "databse" not found',
    facts: [
      whoseOldTemplateHad(appWith({ env: [aVariable("DATABASE_URL", "Secret/database key url")] })),
      changing(appWith({ env: [aVariable("DATABASE_URL", "Secret/databse key url", 2)] })),
    ],
    cause: "SecretMissing",
    certainty: "Certain",
    names:
      /Secret databse does not exist, and env DATABASE_URL of container app needs it; the rollout brought.*with key url/,
    patch: /"secretKeyRef":\{"name":"database","key":"url"\}/,
  },
  "a ConfigMap that is not there": {
    reason: "ContainerConfigError",
    says: 'MountVolume.SetUp failed for volume "config" : configmap "web" not found',
    facts: [changing((template) => ({ ...template, volumes: ["config: ConfigMap/web"] }))],
    cause: "ConfigMapMissing",
    certainty: "Certain",
    names: /ConfigMap web does not exist, and volume config needs it.*Create ConfigMap web/,
  },
  "a key that is not there": {
    reason: "ContainerConfigError",
    says: "couldn't find key url in Secret shop/database",
    facts: [changing(appWith({ env: [aVariable("DATABASE_URL", "Secret/database key url")] }))],
    cause: "KeyMissing",
    certainty: "Certain",
    names:
      /Secret database has no key url, and env DATABASE_URL of container app.*Add key url to Secret database/,
  },
  "a key of a volume that is not there": {
    reason: "ContainerConfigError",
    says: 'MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.crt',
    facts: [changing((template) => ({ ...template, volumes: ["tls: Secret/certificate"] }))],
    cause: "KeyMissing",
    certainty: "Certain",
    names: /Secret certificate has no key tls\.crt/,
  },
  "a claim that is not there": {
    ...nodesSay('persistentvolumeclaim "data" not found.'),
    cause: "VolumeMissing",
    certainty: "Certain",
    names: /PersistentVolumeClaim data does not exist.*Create PersistentVolumeClaim data/,
  },
  "a command that is not in the image": {
    reason: "ContainerConfigError",
    says: 'container app: RunContainerError: failed to start containerd task: exec: "serve": executable file not found in $PATH',
    facts: [changing(appWith({ commandKey: "another" }))],
    cause: "CommandNotRunnable",
    certainty: "Certain",
    names: /command serve of container app is not in the image; the rollout changed its command or arguments/,
  },
  "a shell that does not find it": {
    reason: "CrashLooping",
    facts: [crashes({ restarts: 3, exitCode: 127 })],
    cause: "CommandNotRunnable",
    certainty: "Likely",
    names: /container app is not in the image \(exit code 127\)/,
  },
  "an image for other machines": {
    reason: "CrashLooping",
    facts: [crashes({ restarts: 3, message: "exec /app: exec format error" })],
    cause: "CommandNotRunnable",
    certainty: "Certain",
    names: /another kind of machine.*architecture/,
  },
  "a user that the spec forbids": {
    reason: "ContainerConfigError",
    says: "container app: CreateContainerConfigError: container has runAsNonRoot and image will run as root",
    cause: "ContainerRefused",
    certainty: "Certain",
    names: /runAsNonRoot and image will run as root.*runAsUser/,
  },
  "a tag that nobody pushed": {
    ...imageSays(
      'failed to resolve reference "registry.example/checkout:2": registry.example/checkout:2: not found',
    ),
    cause: "ImageNotFound",
    certainty: "Certain",
    names:
      /registry has no image registry\.example\/checkout:2 \(container app\); before, it was registry\.example\/checkout:1/,
  },
  "an image that one may not have": {
    ...imageSays(
      "pull access denied, repository does not exist or may require authorization: authorization failed",
    ),
    cause: "ImageAccessDenied",
    certainty: "Certain",
    names: /does not let the cluster have.*imagePullSecret/,
  },
  "an image with a wrong name": {
    ...imageSays(
      'couldn\'t parse image reference "Checkout:2": invalid reference format',
      "InvalidImageName",
    ),
    cause: "ImageNameInvalid",
    certainty: "Certain",
    names: /not a name that an image can have/,
  },
  "an image that may not be pulled": {
    ...imageSays('Container image "x" is not present with pull policy of Never', "ErrImageNeverPull"),
    cause: "ImageNotOnNode",
    certainty: "Certain",
    names: /imagePullPolicy/,
  },
  "a registry that is not there": {
    ...imageSays(
      'failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    ),
    cause: "RegistryUnreachable",
    certainty: "Certain",
    names: /registry of image registry\.example\/checkout:2 cannot be reached/,
  },
  "too little memory, which the rollout took away": {
    reason: "OutOfMemory",
    facts: [
      changing(appWith({ resources: ["limits.memory=64Mi"] })),
      crashes({ restarts: 3, reason: "OOMKilled", exitCode: 137 }),
    ],
    cause: "MemoryLimitExceeded",
    certainty: "Certain",
    names: /limit of 64Mi allows; the rollout changed the limit from 256Mi.*to 256Mi, as before/,
    patch: /"limits":\{"memory":"256Mi"\}/,
  },
  "too little memory as ever": {
    reason: "OutOfMemory",
    facts: [crashes({ restarts: 3, reason: "OOMKilled", exitCode: 137 })],
    cause: "MemoryLimitExceeded",
    certainty: "Certain",
    names: /limit of 256Mi/,
    patch: /"memory":"512Mi"/,
  },
  "an init container that fails": {
    reason: "InitContainerFailing",
    facts: [
      changing(extraContainer("migrate", "init")),
      withPods(3, crashed({ container: "migrate", restarts: 3, exitCode: 3 })),
    ],
    cause: "InitContainerFails",
    certainty: "Certain",
    names: /Init container migrate exits with code 3 .*the rollout brought it.*logs of container migrate/,
  },
  "a variable that the application misses": {
    reason: "CrashLooping",
    facts: [
      whoseOldTemplateHad(appWith({ env: [aVariable("DATABASE_URL", "Secret/database key url")] })),
      changing(appWith({ env: [] })),
      crashes({ restarts: 3, message: "Error: DATABASE_URL environment variable not set" }),
    ],
    cause: "EnvironmentVariableMissing",
    certainty: "Certain",
    names:
      /DATABASE_URL is not set.*took it away from container app.*Set env DATABASE_URL in container app, from Secret\/database key url as before/,
    patch:
      /"env":\[\{"name":"DATABASE_URL","valueFrom":\{"secretKeyRef":\{"name":"database","key":"url"\}\}\}\]/,
  },
  "a variable that went, of an application that says nothing": {
    reason: "CrashLooping",
    facts: [changing(appWith({ env: [aVariable("LOG_LEVEL")] })), crashes({ restarts: 3 })],
    cause: "EnvironmentVariableMissing",
    certainty: "Likely",
    names: /no longer sets DATABASE_URL for container app/,
  },
  "an exit that nobody explains": {
    reason: "CrashLooping",
    facts: [crashes({ restarts: 3, exitCode: 139 })],
    cause: "ContainerCrashes",
    certainty: "Likely",
    names: /code 139 \(SIGSEGV.*image \(registry\.example\/checkout:1 → registry\.example\/checkout:2\)/,
  },
  "last words": {
    reason: "CrashLooping",
    facts: [crashes({ restarts: 3, message: "no such table: orders" })],
    cause: "ContainerCrashes",
    certainty: "Certain",
    names: /with the last words: no such table: orders/,
  },
  "a liveness probe by command": {
    reason: "CrashLooping",
    facts: [
      changing(
        appWith({
          liveness: {
            kind: "tcp",
            port: 8080,
            target: "TCP :8080",
            initialDelayMs: 0,
            periodMs: 1_000,
            timeoutMs: 1_000,
            failureThreshold: 1,
            successThreshold: 1,
          },
        }),
      ),
      crashes({ restarts: 3, exitCode: 137 }),
      warned("Unhealthy", "Liveness probe failed: no route to host"),
    ],
    cause: "LivenessProbeKills",
    certainty: "Likely",
    names: /kills container app.*liveness probe of container app \(TCP :8080\) fails/,
  },
  "a quota": {
    ...refuses(
      'pods "x" is forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=900m, limited: requests.cpu=1',
    ),
    cause: "QuotaExceeded",
    certainty: "Certain",
    names:
      /Quota compute has no room for the pods: they ask for requests\.cpu=500m.*Raise quota compute \(requests\.cpu\)/,
    patch: /"maxSurge":0/,
  },
  "a quota that wants to know": {
    ...refuses('pods "x" is forbidden: failed quota: compute: must specify limits.memory for: app'),
    cause: "QuotaExceeded",
    certainty: "Certain",
    names: /must specify limits\.memory for: app/,
  },
  "a LimitRange": {
    ...refuses('pods "x" is forbidden: maximum memory usage per Container is 128Mi, but limit is 256Mi'),
    cause: "LimitRangeViolated",
    certainty: "Certain",
    names: /maximum memory usage per Container is 128Mi, but limit is 256Mi/,
  },
  "a Pod Security level": {
    ...refuses(
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
    ),
    cause: "PodSecurityViolated",
    certainty: "Certain",
    names: /level restricted:latest forbids.*Set allowPrivilegeEscalation, runAsNonRoot/,
    patch: /"securityContext":\{"allowPrivilegeEscalation":false,"runAsNonRoot":true\}/,
  },
  "an admission webhook": {
    ...refuses(
      'admission webhook "images.example" denied the request: image must come from registry.example',
    ),
    cause: "AdmissionDenied",
    certainty: "Certain",
    names: /Admission images\.example refuses the pods: image must come from registry\.example/,
  },
  "a webhook that does not answer": {
    ...refuses('Internal error occurred: failed calling webhook "images.example": connection refused'),
    cause: "EnvironmentTrouble",
    certainty: "Certain",
    names: /webhook images\.example does not answer/,
  },
  "a service account": {
    ...refuses(
      'pods "x" is forbidden: error looking up service account shop/robot: serviceaccount "robot" not found',
    ),
    cause: "ServiceAccountMissing",
    certainty: "Certain",
    names: /Service account robot.*kubectl create serviceaccount robot -n shop/,
  },
  "too little of a resource": {
    ...nodesSay(
      "2 Insufficient cpu, 1 node(s) had untolerated taint {a: b}. preemption: 0/3 nodes are available: no victims.",
    ),
    facts: [
      whoseOldTemplateHad(appWith({ resources: ["requests.cpu=100m"] })),
      changing(appWith({ resources: ["requests.cpu=64"] })),
      withPods(3, unschedulable(T0)),
    ],
    cause: "InsufficientResources",
    certainty: "Certain",
    names: /enough cpu left: container app asks for 64, before it was 100m/,
    patch: /"requests":\{"cpu":"100m"\}/,
  },
  "a node selector": {
    ...nodesSay("3 node(s) didn't match Pod's node affinity/selector."),
    cause: "NodeSelectorUnmatched",
    certainty: "Certain",
    names: /No node has the labels/,
  },
  "a taint": {
    ...nodesSay("3 node(s) had untolerated taint {dedicated: gpu}."),
    cause: "TaintNotTolerated",
    certainty: "Certain",
    names: /dedicated=gpu.*toleration for dedicated=gpu/,
  },
  "nodes that are not fit": {
    ...nodesSay("3 node(s) had untolerated taint {node.kubernetes.io/not-ready: }."),
    cause: "EnvironmentTrouble",
    certainty: "Likely",
    names: /nodes are not fit.*node\.kubernetes\.io\/not-ready/,
  },
  "another wish of a node": {
    ...nodesSay("3 node(s) didn't have free ports for the requested pod ports."),
    cause: "NodePlacementImpossible",
    certainty: "Certain",
    names: /free ports/,
  },
  "a label that the rollout took away": {
    reason: "EmptyEndpoints",
    facts: [changing(labels({ app: "checkout" }))],
    cause: "ServiceSelectorMismatch",
    certainty: "Certain",
    names: /new pods lost tier=backend, which Service checkout selects on.*Put tier=backend back/,
    patch: /"labels":\{"tier":"backend"\}/,
  },
  "a label with another value": {
    reason: "EmptyEndpoints",
    facts: [changing(labels({ app: "checkout", tier: "front" }))],
    cause: "ServiceSelectorMismatch",
    certainty: "Certain",
    names: /lost tier=backend, they have tier=front/,
  },
  "a selector that never matched": {
    reason: "EmptyEndpoints",
    facts: [withService({ selector: { app: "checkout", zone: "a" } })],
    cause: "ServiceSelectorMismatch",
    certainty: "Certain",
    names:
      /Service checkout selects on zone=a, which the pods do not have.*or take them out of the selector of Service checkout/,
  },
  "a named port that is gone": {
    reason: "EmptyEndpoints",
    facts: [
      withService({ readyEndpoints: 0, ports: [{ port: 80, targetPort: "http" }] }),
      changing(appWith({ ports: [{ port: 8080 }] })),
    ],
    cause: "ServicePortNotServed",
    certainty: "Certain",
    names:
      /Service checkout sends to the port named http.*before, http was 8080.*Name containerPort 8080 of container app http/,
    patch: /"ports":\[\{"containerPort":8080,"name":"http"\}\]/,
  },
  "a probe that the rollout moved to a port that nobody serves": {
    reason: "NotReady",
    facts: [
      changing(
        appWith({ ports: [{ port: 80 }] }),
        readinessProbe({ port: 80, target: "GET http :80/healthz" }),
      ),
      unready,
      refused(80),
    ],
    cause: "ProbePortNotServed",
    certainty: "Certain",
    names:
      /changed the probe of container app.*nothing listens on port 80; 8080 would be right: revision 1 .*Service checkout sends there/,
    patch: /"readinessProbe":\{"httpGet":\{"port":8080\}\}/,
  },
  "a probe on a port that is not declared, of the first release": {
    isFirst: true,
    reason: "NotReady",
    facts: [changing(readinessProbe({ port: 80, target: "GET http :80/healthz" })), unready, refused(80)],
    cause: "ProbePortNotServed",
    certainty: "Likely",
    names: /port 80.*8080 would be right: Service checkout sends there/,
  },
  "a probe by a name that no port has": {
    reason: "NotReady",
    facts: [
      changing(readinessProbe({ port: undefined, portName: "web", target: "GET http :web/healthz" })),
      unready,
    ],
    cause: "ProbePortNotServed",
    certainty: "Certain",
    names: /No port of container app is called web.*Call containerPort 8080 web/,
    patch: /"name":"web"/,
  },
  "an application that was told to listen elsewhere": {
    reason: "NotReady",
    facts: [
      changing(
        appWith({ env: [aVariable("DATABASE_URL"), aVariable("LOG_LEVEL"), aVariable("LISTEN_PORT")] }),
      ),
      unready,
      refused(8080),
      at(seconds(50)),
    ],
    cause: "ProbePortNotServed",
    certainty: "Likely",
    names: /port 8080.*the rollout changed env LISTEN_PORT/,
  },
  "a path that is not served, and was another one": {
    reason: "NotReady",
    facts: [
      changing(readinessProbe({ path: "/ready", target: "GET http :8080/ready" })),
      unready,
      warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404"),
    ],
    cause: "ProbePathNotServed",
    certainty: "Certain",
    names: /HTTP 404: it does not serve \/ready; \/healthz worked before/,
    patch: /"httpGet":\{"path":"\/healthz"\}/,
  },
  "a server that talks HTTPS": {
    reason: "NotReady",
    facts: [unready, warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 400")],
    cause: "ProbeProtocolMismatch",
    certainty: "Likely",
    names: /does not talk HTTP on port 8080.*scheme: HTTPS/,
    patch: /"httpGet":\{"scheme":"HTTPS"\}/,
  },
  "a health check that answers 500": {
    reason: "Degraded",
    facts: [
      completedAfter(seconds(10)),
      unready,
      warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500"),
    ],
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*\/healthz of container app.*image/,
  },
  "a health check that wants credentials": {
    reason: "NotReady",
    facts: [unready, warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 401")],
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 401.*without credentials/,
  },
  "a health check that is slow": {
    reason: "NotReady",
    facts: [
      changing(readinessProbe({ timeoutMs: 500 })),
      unready,
      warned(
        "Unhealthy",
        'Readiness probe failed: Get "http://10.0.0.7:8080/healthz": context deadline exceeded',
      ),
    ],
    cause: "HealthCheckTimesOut",
    certainty: "Certain",
    names: /waits 0\.5 s, and the rollout took it down from 1 s.*timeoutSeconds: 1/,
    patch: /"timeoutSeconds":1/,
  },
  "an application that is still starting": {
    reason: "NotReady",
    facts: [unready, refused(8080), at(seconds(30))],
    cause: "SlowStart",
    certainty: "Likely",
    names: /not begun to listen on port 8080 28s after its start.*startup probe that allows it 2m/,
    patch:
      /"startupProbe":\{"httpGet":\{"path":"\/healthz","port":8080\},"periodSeconds":5,"failureThreshold":24\}/,
  },
  "a readiness gate": {
    reason: "NotReady",
    facts: [withPods(3, waitsForGate)],
    cause: "ReadinessGateNotSet",
    certainty: "Certain",
    names: /readiness gate of it is not set/,
  },
  "a restart and nothing else": {
    reason: "NotReady",
    facts: [withCurrent({ contentKey: "content of 5d8f6c7b94" }), withPods(3, notReadyYet)],
    cause: "EnvironmentTrouble",
    certainty: "Likely",
    names: /only by a restart.*besides the release/,
  },
  "many Deployments that were not changed": {
    reason: "NotReady",
    facts: [unready, withSurroundings({ outages: anOutage(6) })],
    cause: "EnvironmentTrouble",
    certainty: "Likely",
    names: /6 Deployments that were not changed.*have in common/,
  },
  "nodes that turn every pod away": {
    reason: "PodRejected",
    says: "nodes rejected 3 pods of checkout-596f7cbf4b, one after the other: SysctlForbidden",
    cause: "Unknown",
    certainty: "Unknown",
    names: /nodes rejected 3 pods.*SysctlForbidden.*Begin with what the rollout changed/,
  },
  "nothing that anybody could tell": {
    reason: "NotReady",
    facts: [withPods(3, notReadyYet)],
    cause: "Unknown",
    certainty: "Unknown",
    names: /does not tell the cause.*Begin with what the rollout changed: container app: image/,
  },
};

/** Told beside a headline, and tested below or end to end. */
const FURTHER: readonly CauseClass[] = ["NoReadinessProbe", "NetworkPolicyBlocks"];

describe("causesOf", () => {
  for (const [what, wanted] of Object.entries(TABLE)) {
    it(`tells ${what}: ${wanted.cause}`, () => {
      const [cause] = causesIn(wanted);
      expect(cause?.class, cause?.message).to.equal(wanted.cause);
      expect(cause?.certainty).to.equal(wanted.certainty);
      expect(`${cause?.message} ${cause?.remedy}`).to.match(wanted.names);
      if (wanted.patch) expect(cause?.patch).to.match(wanted.patch);
      else if (cause?.patch !== undefined) expect(cause.patch).to.match(/^kubectl patch /);
    });
  }

  it("knows every class, and has a page for each", () => {
    const told = new Set([...Object.values(TABLE).map(({ cause }) => cause), ...FURTHER]);
    expect([...told]).to.have.members(Object.keys(CAUSES));
    expect(causePage("ProbePortNotServed")).to.equal("causes/probe-port-not-served.md");
  });

  it("tells of a crash that Kubernetes took for a complete rollout that a readiness probe was wanting", () => {
    const noProbe = whoseTemplatesHave(appWith({ readiness: undefined }));
    const facts = [noProbe, completedAfter(seconds(1)), crashes({ restarts: 3 })];
    const [first, second] = causesIn({ reason: "CrashLooping", facts });
    expect(first?.class).to.equal("ContainerCrashes");
    expect(second).to.include({ class: "NoReadinessProbe", certainty: "Certain" });
    expect(second?.patch).to.contain('"readinessProbe":{"tcpSocket":{"port":8080}');
  });

  it("tells of the Service too, when the rollout took away the port to which it sends", () => {
    const facts = [
      changing(
        appWith({ ports: [{ port: 9090 }] }),
        readinessProbe({ port: 9090, target: "GET http :9090/healthz" }),
      ),
      unready,
      warned("Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500"),
    ];
    const [first, second] = causesIn({ reason: "NotReady", facts });
    expect(first?.class).to.equal("HealthCheckFails");
    expect(second?.class).to.equal("ServicePortNotServed");
    expect(second?.message).to.contain("Service checkout sends to port 8080").and.contain("9090");
  });

  it("takes no image's name for the words of a registry", () => {
    const facts = [
      changing(appWith({ image: "registry.example/not-found:404" })),
      withPods(3, waitsFor("ErrImagePull", "i/o timeout")),
    ];
    const says = 'Failed to pull image "registry.example/not-found:404": i/o timeout';
    expect(causesIn({ reason: "ImagePullFailing", says, facts })[0]?.class).to.equal("RegistryUnreachable");
  });

  it("tells of the same probe once, whatever else fails with it", () => {
    const causes = causesIn({ reason: "NotReady", facts: [unready, refused(8080), at(seconds(30))] });
    expect(new Set(causes.map((cause) => cause.class)).size).to.equal(causes.length);
  });
});

function causesIn({
  reason,
  says,
  facts = [],
  isFirst,
}: Pick<Wanted, "reason" | "says" | "facts" | "isFirst">): readonly Cause[] {
  const scene = given(isFirst ? aFirstRollout() : aRollout(), ...facts);
  const rollout = rolloutOf(snapshotOf(scene), scene.now);
  if (!rollout) throw new Error("no rollout");
  const events = rollout.snapshot.events.map(({ message }) => `Event Unhealthy on a pod: ${message}`);
  const finding: FailingFinding = {
    check: CHECKS[reason],
    verdict: "failing",
    reason,
    message: says ?? "as told",
    sinceAt: T0,
    evidence: [...(says === undefined ? [] : [says]), ...events],
  };
  return causesOf(rollout, [finding], scene.now);
}
