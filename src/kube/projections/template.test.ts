import { expect } from "chai";
import fc from "fast-check";
import { rawTemplate } from "../testing/raw-objects.ts";
import { projectTemplate, templateKeys } from "./template.ts";

const withAnnotations = (annotations: object) => ({
  ...rawTemplate("a"),
  metadata: { labels: { app: "a" }, annotations },
});
const withSpec = (spec: object) => ({ metadata: { labels: { app: "a" } }, spec });
const withContainer = (container: object, spec: object = {}) =>
  projectTemplate(withSpec({ containers: [{ name: "app", image: "i", ...container }], ...spec }));
const only = <T>(items: readonly T[]): T => {
  expect(items).to.have.length(1);
  return items[0] as T;
};

/** The same value with the fields of all its objects in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

describe("where a template says that its pods serve metrics", () => {
  for (const [annotations, scrape] of [
    [{}, undefined],
    [{ "prometheus.io/scrape": "true" }, { path: "/metrics" }],
    [{ "prometheus.io/port": "9102" }, { port: 9102, path: "/metrics" }],
    [
      { "prometheus.io/port": "9102", "prometheus.io/path": "/stats" },
      { port: 9102, path: "/stats" },
    ],
    [{ "prometheus.io/scrape": "false", "prometheus.io/port": "9102" }, undefined],
    [{ "prometheus.io/port": "http", "prometheus.io/path": "http://elsewhere/" }, { path: "/metrics" }],
    [{ "prometheus.io/port": "99999" }, { path: "/metrics" }],
  ] as const) {
    it(`is ${JSON.stringify(scrape)} with ${JSON.stringify(annotations)}`, () => {
      expect(projectTemplate(withAnnotations(annotations)).scrape).to.deep.equal(scrape);
    });
  }
});

describe("the prints of a template", () => {
  const probe = { httpGet: { path: "/", port: 80 } };

  for (const [what, one, other] of [
    [
      "a header of a probe",
      { readinessProbe: probe },
      { readinessProbe: { httpGet: { ...probe.httpGet, httpHeaders: [{ name: "a", value: "b" }] } } },
    ],
    [
      "the protocol of a port",
      { ports: [{ containerPort: 80 }] },
      { ports: [{ containerPort: 80, protocol: "UDP" }] },
    ],
    [
      "the path in a volume",
      { volumeMounts: [{ name: "v", mountPath: "/v" }] },
      { volumeMounts: [{ name: "v", mountPath: "/v", subPath: "x" }] },
    ],
    [
      "a prefix of variables",
      { envFrom: [{ secretRef: { name: "s" } }] },
      { envFrom: [{ secretRef: { name: "s" }, prefix: "P_" }] },
    ],
  ] as const) {
    it(`has a print of ${what}, of which nothing else is kept`, () => {
      const printsOf = (container: object) => only(withContainer(container).containers).knownFields;
      expect(printsOf(one)).to.deep.equal(printsOf(structuredClone(one)));
      expect(printsOf(one)).not.to.deep.equal(printsOf(other));
    });
  }

  it("has a print of each volume by its name", () => {
    const printsOf = (items: readonly object[]) =>
      withContainer({}, { volumes: [{ name: "v", configMap: { name: "c", items } }] }).volumePrints;
    expect(printsOf([])).to.have.keys("v").and.deep.equal(printsOf([]));
    expect(printsOf([])).not.to.deep.equal(printsOf([{ key: "a", path: "b" }]));
  });
});

describe("templateKeys", () => {
  it("gives equal keys to equal templates, however their fields are ordered", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (spec) => {
        const template = { metadata: { labels: { app: "a" } }, spec };
        expect(templateKeys(reordered(template))).to.deep.equal(templateKeys(template));
      }),
    );
  });

  it("does not see the hash that the Deployment controller adds", () => {
    expect(templateKeys(rawTemplate("a", "i", { "pod-template-hash": "x" }))).to.deep.equal(
      templateKeys(rawTemplate("a", "i")),
    );
  });

  it("takes nulls, empty lists and empty maps for absent", () => {
    const bare = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "app" }] } };
    const wordy = {
      metadata: { creationTimestamp: null, labels: { app: "a" }, annotations: {} },
      spec: {
        containers: [{ name: "app", env: [], resources: { limits: {} } }],
        nodeSelector: {},
        tolerations: null,
      },
    };
    expect(templateKeys(wordy)).to.deep.equal(templateKeys(bare));
  });

  it("tells an empty volume source and an empty label selector from none", () => {
    const key = (spec: object) => templateKeys(withSpec(spec)).templateKey;
    expect(key({ volumes: [{ name: "v", emptyDir: {} }] })).to.not.equal(key({ volumes: [{ name: "v" }] }));
    const spread = { topologySpreadConstraints: [{ maxSkew: 1, labelSelector: {} }] };
    expect(key(spread)).to.not.equal(key({ topologySpreadConstraints: [{ maxSkew: 1 }] }));
  });

  it("sees every other change", () => {
    expect(templateKeys(rawTemplate("a", "i:1")).contentKey).to.not.equal(
      templateKeys(rawTemplate("a", "i:2")).contentKey,
    );
  });

  it("gives a restart another template and the same content", () => {
    const restarted = templateKeys(withAnnotations({ "kubectl.kubernetes.io/restartedAt": "now" }));
    const before = templateKeys(rawTemplate("a"));
    expect(restarted.templateKey).to.not.equal(before.templateKey);
    expect(restarted.contentKey).to.equal(before.contentKey);
  });

  it("survives nesting that no Kubernetes object has", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);
    expect(templateKeys(deep).templateKey).to.be.a("string");
  });
});

describe("projectTemplate", () => {
  it("tells init containers, sidecars and application containers apart", () => {
    const initContainers = [{ name: "migrate" }, { name: "proxy", restartPolicy: "Always" }];
    const { containers } = withContainer({}, { initContainers });
    expect(containers.map(({ name, kind }) => [name, kind])).to.deep.equal([
      ["migrate", "init"],
      ["proxy", "sidecar"],
      ["app", "app"],
    ]);
  });

  it("says in one line what a probe asks", () => {
    const targetOf = (readinessProbe: object) => {
      const ports = [{ name: "http", containerPort: 8080 }];
      return only(withContainer({ ports, readinessProbe }).containers).readiness?.target;
    };
    expect(targetOf({ httpGet: { port: 8080, path: "/healthz", scheme: "HTTP" } })).to.equal(
      "GET http :8080/healthz",
    );
    expect(targetOf({ httpGet: { port: "http", path: "/healthz" } })).to.equal(
      "GET http :http(8080)/healthz",
    );
    expect(targetOf({ httpGet: { port: "other", scheme: "HTTPS" } })).to.equal("GET https :other/");
    expect(targetOf({ tcpSocket: { port: 5432 } })).to.equal("TCP :5432");
    expect(targetOf({ grpc: { port: 9000 } })).to.equal("gRPC :9000");
    expect(targetOf({ exec: { command: ["cat", "/tmp/healthy"] } })).to.equal("exec cat /tmp/healthy");
  });

  it("keeps what may be a password in a probe's command to itself", () => {
    const readinessProbe = { exec: { command: ["sh", "-c", "mysqladmin -psecret ping"] } };
    expect(only(withContainer({ readinessProbe }).containers).readiness?.target).to.equal(
      "exec sh -c mysqladmin",
    );
    const assigning = { exec: { command: ["env", "PASSWORD=secret", "check"] } };
    expect(only(withContainer({ readinessProbe: assigning }).containers).readiness?.target).to.equal(
      "exec env",
    );
  });

  it("gives probes the defaults of Kubernetes", () => {
    const { readiness } = only(withContainer({ readinessProbe: { tcpSocket: { port: 1 } } }).containers);
    expect(readiness).to.deep.include({
      initialDelayMs: 0,
      periodMs: 10_000,
      timeoutMs: 1_000,
      failureThreshold: 3,
      successThreshold: 1,
    });
  });

  it("names environment variables and never tells their values", () => {
    const template = withContainer({ env: [{ name: "TOKEN", value: "s3cret" }] });
    expect(only(template.containers).env.map(({ name }) => name)).to.deep.equal(["TOKEN"]);
    expect(JSON.stringify(template)).to.not.include("s3cret");
  });

  it("lists what the pod cannot start without, and leaves out what is optional", () => {
    const { references } = withContainer(
      {
        env: [
          { name: "A", valueFrom: { secretKeyRef: { name: "db", key: "k" } } },
          { name: "B", valueFrom: { configMapKeyRef: { name: "maybe", key: "k", optional: true } } },
        ],
        envFrom: [{ configMapRef: { name: "settings" } }, { secretRef: { name: "db" } }],
      },
      {
        serviceAccountName: "runner",
        imagePullSecrets: [{ name: "registry" }],
        volumes: [
          { name: "a", secret: { secretName: "tls" } },
          { name: "b", persistentVolumeClaim: { claimName: "data" } },
          {
            name: "c",
            projected: {
              sources: [{ configMap: { name: "ca" } }, { secret: { name: "no", optional: true } }],
            },
          },
        ],
      },
    );
    expect(references).to.deep.equal([
      "ConfigMap/ca",
      "ConfigMap/settings",
      "PersistentVolumeClaim/data",
      "Secret/db",
      "Secret/registry",
      "Secret/tls",
      "ServiceAccount/runner",
    ]);
  });

  it("gives another scheduling key when the request changes, and the same when the image does", () => {
    const key = (container: object) => withContainer(container).schedulingKey;
    const asking = (memory: string) => ({ resources: { requests: { memory } } });
    expect(key(asking("1Gi"))).to.not.equal(key(asking("2Gi")));
    expect(key({ image: "x" })).to.equal(key({ image: "y" }));
    expect(key({ resources: { limits: { cpu: "2" } } }), "a limit alone is a request").to.equal(
      key({ resources: { requests: { cpu: "2" } } }),
    );
  });

  it("writes resources as they were written, sorted", () => {
    const resources = { requests: { cpu: 1 }, limits: { memory: "64Mi" } };
    expect(only(withContainer({ resources }).containers).resources).to.deep.equal([
      "limits.memory=64Mi",
      "requests.cpu=1",
    ]);
  });
});
