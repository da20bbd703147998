import { expect } from "chai";
import { deploymentText, documents, findingsIn } from "../testing/lint-text.ts";

const SETTINGS =
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {log-level: SECRET-VALUE}";
const fromKey = (name: string, key: string, more = "") =>
  `env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: ${name}, key: ${key}${more}}}}]`;

function found(rule: string, container: string, ...others: readonly string[]) {
  return findingsIn(documents(deploymentText({ container: [container] }), ...others), rule);
}

describe("rule missing-key", () => {
  it("finds a key that a ConfigMap among the manifests does not have, and names those that it has", () => {
    const [finding] = found("missing-key", fromKey("settings", "loglevel"), SETTINGS);
    expect(finding).to.include({ severity: "error" });
    expect(finding?.message)
      .to.include("key loglevel of ConfigMap settings")
      .and.to.include("it has log-level");
    expect(finding?.fix).to.include("`log-level`").and.to.include("test.yaml:");
    expect(JSON.stringify(finding)).to.not.include("SECRET-VALUE");
  });

  it("finds a key of a Secret that a volume picks; stringData counts", () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: tls}\nstringData: {tls.crt: a}";
    const volume = (key: string) =>
      documents(
        deploymentText({
          pod: [`volumes: [{name: v, secret: {secretName: tls, items: [{key: ${key}, path: k}]}}]`],
        }),
        secret,
      );
    expect(findingsIn(volume("tls.crt"), "missing-key")).to.deep.equal([]);
    expect(findingsIn(volume("tls.key"), "missing-key")[0]?.message).to.include("key tls.key of Secret tls");
  });

  it("is content with what is optional, and with a ConfigMap that is not here", () => {
    expect(found("missing-key", fromKey("settings", "x", ", optional: true"), SETTINGS)).to.deep.equal([]);
    expect(found("missing-key", fromKey("other", "x"), SETTINGS)).to.deep.equal([]);
  });
});

describe("rule missing-configuration", () => {
  it("mentions what is not here as information, and a slip as a warning", () => {
    expect(found("missing-configuration", fromKey("other", "x"), SETTINGS)[0]).to.include({
      severity: "info",
    });
    const [slip] = found("missing-configuration", fromKey("setings", "x"), SETTINGS);
    expect(slip).to.include({ severity: "warning" });
    expect(slip?.fix).to.include("Write settings");
  });

  it("is an error where everything is known to be there, as in a cluster", () => {
    const [finding] = findingsIn(
      deploymentText({ container: [fromKey("other", "x")] }),
      "missing-configuration",
      {
        complete: ["ConfigMap"],
      },
    );
    expect(finding).to.include({ severity: "error" });
  });

  it("is content with what a SealedSecret or an ExternalSecret makes", () => {
    const external =
      "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x}\nspec: {target: {name: db}}";
    const from = "envFrom: [{secretRef: {name: db}}]";
    expect(found("missing-configuration", from, external)).to.deep.equal([]);
    expect(found("missing-configuration", from)).to.have.length(1);
  });
});

describe("rule missing-env", () => {
  it("finds what the flag or the annotation names, in whichever container", () => {
    const needs = 'annotations: {rolloutguard.io/required-env: "A, B"}';
    const text = deploymentText({ metadata: [needs], container: ["env: [{name: A}]"] });
    const missing = findingsIn(text, "missing-env", { requiredEnv: ["C"] }).map(({ message }) => message);
    expect(missing.join())
      .to.include("variable B")
      .and.to.include("variable C")
      .and.to.not.include("variable A");
  });

  it("counts the keys of a ConfigMap, with their prefix, and does not guess at one that is not here", () => {
    const request = { requiredEnv: ["APP_log-level"] };
    const from = "envFrom: [{prefix: APP_, configMapRef: {name: settings}}]";
    const text = deploymentText({ container: [from] });
    expect(findingsIn(documents(text, SETTINGS), "missing-env", request)).to.deep.equal([]);
    expect(findingsIn(text, "missing-env", request)).to.deep.equal([]);
    expect(findingsIn(documents(text, SETTINGS), "missing-env", { requiredEnv: ["X"] })).to.have.length(1);
  });
});

describe("rule env-drift", () => {
  const inNamespace = (namespace: string, env: string) =>
    deploymentText({ namespace, container: [`env: [${env}]`] });

  it("finds a variable that the same container has in another namespace, in one direction", () => {
    const text = documents(
      inNamespace("staging", "{name: A}, {name: B, value: x}"),
      inNamespace("production", "{name: A}"),
    );
    const found = findingsIn(text, "env-drift");
    expect(found).to.have.length(1);
    expect(found[0]).to.include({ namespace: "production" });
    expect(found[0]?.message).to.include("not given B");
  });

  it("does not compare different Deployments", () => {
    const text = documents(inNamespace("a", "{name: A}"), deploymentText({ name: "other", namespace: "b" }));
    expect(findingsIn(text, "env-drift")).to.deep.equal([]);
  });
});

describe("what pods take from ConfigMaps and Secrets in other ways", () => {
  it("is checked where a single file is mounted: the subPath must be a key", () => {
    const mounted = (subPath: string, volume = "{name: settings}") =>
      documents(
        deploymentText({
          pod: [`volumes: [{name: v, configMap: ${volume}}]`],
          container: [`volumeMounts: [{name: v, mountPath: /etc/app, subPath: ${subPath}}]`],
        }),
        SETTINGS,
      );
    expect(findingsIn(mounted("log-level"), "missing-key")).to.deep.equal([]);
    expect(findingsIn(mounted("log_level"), "missing-key")[0]).to.include({ severity: "error" });
    const picked = "{name: settings, items: [{key: log-level, path: level}]}";
    expect(findingsIn(mounted("level", picked), "missing-key")).to.deep.equal([]);
  });

  it("is a warning for an imagePullSecret that a cluster does not have: the image may be public", () => {
    const text = deploymentText({ pod: ["imagePullSecrets: [{name: regcred}]"] });
    const [finding] = findingsIn(text, "missing-configuration", { complete: ["Secret"] });
    expect(finding).to.include({ severity: "warning" });
    expect(finding?.message).to.include("cannot be pulled");
  });
});
