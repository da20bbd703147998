import { expect } from "chai";
import { deploymentText, findingsIn, serviceText } from "../testing/lint-text.ts";
import { objectText } from "../testing/object-text.ts";
import reduced from "./kubernetes-schemas.json" with { type: "json" };
import { KUBERNETES_VERSIONS } from "./kubernetes-versions.ts";

const IMAGE = "image: web:1";

function said(text: string, kubernetesVersion?: string): readonly string[] {
  return findingsIn(text, "api-server", { kubernetesVersion }).map(({ message, fix }) => `${message} ${fix}`);
}

const inContainer = (...container: readonly string[]) =>
  said(deploymentText({ container: [IMAGE, ...container] }));
const inPod = (...pod: readonly string[]) => said(deploymentText({ container: [IMAGE], pod }));
const inSpec = (...spec: readonly string[]) => said(deploymentText({ container: [IMAGE], spec }));

/** Each is refused with one sentence that says so. */
function areRefused(cases: readonly (readonly [readonly string[], RegExp])[]): void {
  for (const [found, says] of cases) {
    expect(found, String(says)).to.have.length(1);
    expect(found[0]).to.match(says);
  }
}

describe("what the API server refuses by its schemas", () => {
  it("is a field that does not exist, and the finding says where it belongs", () => {
    areRefused([
      [
        inContainer("imagePullPolice: Always"),
        /unknown field "spec.template.spec.containers\[0\].imagePullPolice".*`imagePullPolicy`/,
      ],
      [inContainer("Env: []"), /Write `env`/],
      [inPod("ports: []"), /unknown field "spec.template.spec.ports".*Move it into `containers`/],
      [inSpec("containers: []"), /unknown field "spec.containers"/],
      [said(serviceText("{app: web}", "[{port: 80, target: 80}]")), /`targetPort`/],
    ]);
  });

  it("is a value of the wrong type: numbers and truth values where texts must be, and the other way round", () => {
    areRefused([
      [inContainer("env: [{name: A, value: yes}]"), /cannot unmarshal boolean/],
      [inContainer("env: [{name: A, value: 0755}]"), /cannot unmarshal number/],
      [inContainer("env: [{name: A, value: true}]"), /cannot unmarshal boolean.*in quotes/],
      [
        said(deploymentText({ container: [IMAGE], labels: "{app: web, build: 12}" })),
        /labels.build: cannot unmarshal number/,
      ],
      [
        said("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {port: 8080}"),
        /data.port: cannot unmarshal number/,
      ],
      [inSpec('replicas: "3"'), /Write `3` without quotes/],
      [inContainer("args: --verbose"), /Write a list/],
      [inContainer("command: {a: b}"), /cannot unmarshal object into a field of type array/],
    ]);
  });

  it("is what is required and missing", () => {
    areRefused([
      [inContainer("ports: [{name: http}]"), /ports\[0\].containerPort: Required value/],
      [
        said(
          objectText(
            "networking.k8s.io/v1",
            "Ingress",
            "i",
            "{rules: [{http: {paths: [{path: /, backend: {}}]}}]}",
          ),
        ),
        /pathType: Required value/,
      ],
    ]);
  });

  it("never shows a value of a variable, a ConfigMap or a Secret", () => {
    expect(inContainer("env: [{name: A, value: 424242}]").join()).to.not.include("424242");
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: not-base64-at-all}";
    expect(said(secret).join()).to.include("illegal base64 data").and.to.not.include("not-base64");
  });

  it("is content with the truth values and octal numbers of YAML 1.1, which kubectl reads", () => {
    expect(
      inPod("hostNetwork: yes", "volumes: [{name: c, configMap: {name: c, defaultMode: 0644}}]"),
    ).to.deep.equal([]);
    expect(inContainer('env: [{name: A, value: "yes"}]')).to.deep.equal([]);
  });

  it("is content with null, which counts as left out, with what the cluster writes, and with templates", () => {
    expect(inContainer("env: null", "resources:")).to.deep.equal([]);
    expect(inSpec("replicas: {{ replicas }}")).to.deep.equal([]);
    expect(said(`${serviceText("{app: web}", "[{port: 80}]")}\nstatus: {anything: 1}`)).to.deep.equal([]);
  });
});

describe("what the API server refuses by its API versions", () => {
  it("is a version that is gone, and a kind of another group", () => {
    areRefused([
      [
        said(objectText("batch/v1beta1", "CronJob", "c")),
        /no matches for kind "CronJob" in version "batch\/v1beta1".*batch\/v1`/,
      ],
      [said(objectText("v1", "Deployment", "d")), /Write `apiVersion: apps\/v1`/],
      [said(objectText("policy/v1beta1", "PodSecurityPolicy", "p")), /does not have it/],
      [said(objectText("apps/v1", "Deploymnet", "d")), /Write `kind: Deployment`/],
    ]);
  });

  it("is content with kinds of other programs, and knows several versions of Kubernetes", () => {
    expect(said(objectText("argoproj.io/v1alpha1", "Rollout", "r"))).to.deep.equal([]);
    expect(said(objectText("gateway.networking.k8s.io/v1", "HTTPRoute", "r"))).to.deep.equal([]);
    expect(said(objectText("v1", "Template", "t"))).to.deep.equal([]);
    expect(reduced.versions.map(({ version }) => version)).to.deep.equal(KUBERNETES_VERSIONS);
    for (const version of KUBERNETES_VERSIONS) {
      expect(said(deploymentText({ container: [IMAGE] }), version), version).to.deep.equal([]);
    }
  });
});

describe("what the API server refuses of pods", () => {
  it("are mounts of volumes that are not there, and names that are there twice", () => {
    areRefused([
      [
        inContainer("volumeMounts: [{name: data, mountPath: /d}]"),
        /volumeMounts\[0\].name: Not found: "data"/,
      ],
      [
        inPod("volumes: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]"),
        /volumes\[1\].name: Duplicate value: "a"/,
      ],
      [
        inPod("volumes: [{name: a, emptyDir: {}, configMap: {name: c}}]"),
        /may not specify more than 1 volume type/,
      ],
      [
        inContainer("ports: [{name: http, containerPort: 80}, {name: http, containerPort: 81}]"),
        /Duplicate value: "http"/,
      ],
    ]);
    const claims = objectText(
      "apps/v1",
      "StatefulSet",
      "s",
      "{selector: {matchLabels: {a: b}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {}}], template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a:1, volumeMounts: [{name: data, mountPath: /d}]}]}}}",
    );
    expect(said(claims)).to.deep.equal([]);
  });

  it("are ports and their names out of range, probes with two handlers or none, and thresholds", () => {
    areRefused([
      [inContainer("ports: [{name: metrics-and-health, containerPort: 80}]"), /no more than 15 characters/],
      [inContainer('ports: [{name: "8080", containerPort: 80}]'), /at least one letter/],
      [inContainer("ports: [{containerPort: 70000}]"), /between 1 and 65535/],
      [inContainer("ports: [{containerPort: 80, protocol: tcp}]"), /Unsupported value: "tcp".*Write `TCP`/],
      [
        inContainer("livenessProbe: {httpGet: {port: 80}, tcpSocket: {port: 80}}"),
        /more than 1 handler type/,
      ],
      [inContainer("readinessProbe: {periodSeconds: 5}"), /must specify a handler type/],
      [
        inContainer("livenessProbe: {tcpSocket: {port: 80}, successThreshold: 2}"),
        /successThreshold: Invalid value: 2: must be 1/,
      ],
      [
        inPod("initContainers: [{name: i, image: a:1, readinessProbe: {tcpSocket: {port: 1}}}]"),
        /may not be set for init containers/,
      ],
    ]);
    expect(inContainer("readinessProbe: {tcpSocket: {port: 80}, successThreshold: 2}")).to.deep.equal([]);
  });

  it("are requests above limits, amounts that are none, and a value beside its source", () => {
    areRefused([
      [
        inContainer("resources: {requests: {memory: 1Gi}, limits: {memory: 512Mi}}"),
        /less than or equal to memory limit of 512Mi/,
      ],
      [inContainer("resources: {limits: {memory: 512MB}}"), /quantities must match/],
      [
        inContainer("env: [{name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"),
        /may not be specified when `value` is not empty/,
      ],
      [inPod("tolerations: [{operator: Exists, value: x}]"), /value must be empty/],
      [inContainer("lifecycle: {preStop: {sleep: {seconds: 60}}}"), /terminationGracePeriodSeconds \(30\)/],
      [inContainer("imagePullPolicy: always"), /Write `Always`/],
    ]);
  });
});

describe("what the API server refuses of workloads and other objects", () => {
  it("are strategies that cannot be, deadlines and restart policies", () => {
    areRefused([
      [
        inSpec("strategy: {rollingUpdate: {maxSurge: 0%, maxUnavailable: 0}}"),
        /may not be 0 when `maxSurge` is 0/,
      ],
      [
        inSpec("strategy: {type: Recreate, rollingUpdate: {}}"),
        /may not be specified when strategy `type` is 'Recreate'/,
      ],
      [inSpec('strategy: {rollingUpdate: {maxSurge: "1"}}'), /Write `1` without quotes, or `1%`/],
      [inSpec("strategy: {type: rollingUpdate}"), /Write `RollingUpdate`/],
      [inSpec("minReadySeconds: 60", "progressDeadlineSeconds: 60"), /must be greater than minReadySeconds/],
      [inPod("restartPolicy: Never"), /supported values: "Always"/],
      [
        said(objectText("batch/v1", "Job", "j", "{template: {spec: {containers: [{name: a, image: a:1}]}}}")),
        /restartPolicy: Required value/,
      ],
    ]);
  });

  it("are Services, autoscalers, budgets, Ingresses and schedules that contradict themselves", () => {
    const service = (spec: string) => said(objectText("v1", "Service", "s", spec));
    areRefused([
      [service("{ports: [{port: 80, name: a}, {port: 81}]}"), /ports\[1\].name: Required value/],
      [service("{ports: [{port: 80, nodePort: 30080}]}"), /may not be used when `type` is 'ClusterIP'/],
      [service("{selector: {a: b}}"), /spec.ports: Required value/],
      [service("{type: LoadBalancer, clusterIP: None, ports: [{port: 80}]}"), /may not be set to 'None'/],
      [service("{ports: [{name: a, port: 80}, {name: b, port: 80}]}"), /Duplicate value: 80\/TCP/],
      [
        said(
          objectText(
            "autoscaling/v2",
            "HorizontalPodAutoscaler",
            "h",
            "{scaleTargetRef: {kind: Deployment, name: d}, minReplicas: 5, maxReplicas: 3}",
          ),
        ),
        /greater than or equal to `minReplicas`/,
      ],
      [
        said(objectText("policy/v1", "PodDisruptionBudget", "p", "{minAvailable: 1, maxUnavailable: 1}")),
        /cannot be both set/,
      ],
      [
        said(
          objectText(
            "networking.k8s.io/v1",
            "Ingress",
            "i",
            "{rules: [{http: {paths: [{path: api, pathType: Prefix, backend: {}}]}}]}",
          ),
        ),
        /must be an absolute path/,
      ],
      [
        said(
          objectText(
            "batch/v1",
            "CronJob",
            "c",
            '{schedule: "* * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a}]}}}}}',
          ),
        ),
        /expected exactly 5 fields, found 4/,
      ],
    ]);
  });
});

describe("what the API server refuses of names, labels and chosen words", () => {
  it("are names and labels with letters that they cannot have, or too many of them", () => {
    const map = (metadata: string) => said(`apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}`);
    areRefused([
      [
        map("{name: My_Settings}"),
        /metadata\.name: Invalid value: "My_Settings": a lowercase RFC 1123 subdomain/,
      ],
      [map(`{name: ${"a".repeat(254)}}`), /must be no more than 253 bytes/],
      [
        map("{name: a, labels: {team: shop team}}"),
        /metadata\.labels\.team: Invalid value: "shop team": a valid label/,
      ],
      [map("{name: a, labels: {team/: a}}"), /name part must consist/],
      [map("{name: a, annotations: {a b: c}}"), /name part must consist/],
      [said(deploymentText({ container: [IMAGE], labels: "{app: a/b}" })), /labels\.app: Invalid value/],
      [said(objectText("v1", "Service", "1st", "{ports: [{port: 80}]}")), /a DNS-1035 label/],
      [said("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop.eu}"), /a lowercase RFC 1123 label/],
    ]);
    expect(
      map("{name: a.b-1, labels: {a.b/c_d: V1.2_x, empty: ''}, annotations: {a/b: any text}}"),
    ).to.deep.equal([]);
    expect(map('{name: "{{ name }}", labels: {a: $(VERSION)}}')).to.deep.equal([]);
    const role =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:shop'}\nrules: []";
    expect(said(role)).to.deep.equal([]);
  });

  it("are words that are none of those which a field takes", () => {
    areRefused([
      [inPod("tolerations: [{key: gpu, operator: Equals, value: a}]"), /supported values: "Equal", "Exists"/],
      [inPod("tolerations: [{key: gpu, effect: noSchedule}]"), /Write `NoSchedule`/],
      [
        inPod("topologySpreadConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: Never}]"),
        /"DoNotSchedule", "ScheduleAnyway"/,
      ],
      [inPod("dnsPolicy: clusterFirst"), /Write `ClusterFirst`/],
      [inPod("securityContext: {seccompProfile: {type: runtime/default}}"), /"RuntimeDefault"/],
      [inContainer("terminationMessagePolicy: Log"), /"FallbackToLogsOnError", "File"/],
      [
        inContainer("env: [{name: A, valueFrom: {fieldRef: {fieldPath: status.podIp}}}]"),
        /field label not supported: status\.podIp.*Write `status\.podIP`/,
      ],
    ]);
    const path = "env: [{name: A, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['app']\"}}}]";
    expect(inContainer(path)).to.deep.equal([]);
  });
});
