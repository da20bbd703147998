// What the operator may do is what the table of its calls lists: no less, and nothing else.
import { expect } from "chai";
import { CALLS_IN_GUARDED_NAMESPACES, CALLS_IN_OWN_NAMESPACE } from "../../src/kube/api-calls.ts";
import { grantedTo, grantsOf } from "../installed/granted-rules.ts";
import { OPERATOR_NAMESPACE, OPERATOR_USERNAME } from "../installed/installation.ts";
import { metricsOf, operatorLogs, operatorPods } from "../installed/operator-pods.ts";
import { guardedApplications } from "./guarded-applications.ts";
import { underTest } from "./under-test.ts";

const NAMESPACE = "permissions";
const APPLICATION = "application-1";

/** What an attacker who has the operator's token would like to do, and one step beyond each thing that it may. */
const FORBIDDEN: readonly (readonly string[])[] = [
  ["get", "secrets"],
  ["get", "configmaps"],
  ["get", "nodes"],
  ["get", "namespaces"],
  ["delete", "deployment", APPLICATION],
  ["scale", "deployment", APPLICATION, "--replicas=0"],
  ["replace", "-f", "-"],
  ["annotate", "service", APPLICATION, "a=b"],
  ["delete", "pods", "--all"],
  ["delete", "rolloutguard", APPLICATION],
  ["annotate", "rolloutguard", APPLICATION, "a=b"],
  ["create", "configmap", "a"],
  ["create", "serviceaccount", "a"],
  [
    "create",
    "rolebinding",
    "a",
    "--clusterrole=cluster-admin",
    `--serviceaccount=${OPERATOR_NAMESPACE}:default`,
  ],
];

describe("the operator's ServiceAccount", () => {
  const { kubectl } = underTest();
  const application = guardedApplications(kubectl, NAMESPACE, 1);

  before(() => application.deploy());

  after(() => application.remove());

  it("may do in a guarded namespace what the table lists, and nothing else", async () => {
    const granted = await grantedTo(kubectl, OPERATOR_USERNAME, NAMESPACE);
    expect(granted).to.deep.equal(grantsOf(CALLS_IN_GUARDED_NAMESPACES));
  });

  it("may do in its own namespace the same and renew its Lease, and nothing else", async () => {
    const granted = await grantedTo(kubectl, OPERATOR_USERNAME, OPERATOR_NAMESPACE);
    expect(granted).to.deep.equal(grantsOf([...CALLS_IN_GUARDED_NAMESPACES, ...CALLS_IN_OWN_NAMESPACE]));
  });

  for (const words of FORBIDDEN) {
    it(`is refused: kubectl ${words.join(" ")}`, async () => {
      const input = words.includes("-")
        ? await kubectl(["--namespace", NAMESPACE, "get", "deployment", APPLICATION, "-o", "json"])
        : "";
      const answer = await kubectl(
        [`--as=${OPERATOR_USERNAME}`, "--namespace", NAMESPACE, ...words],
        input,
      ).then(
        (output) => `allowed: ${output}`,
        (error: Error) => error.message,
      );
      expect(answer).to.contain("Forbidden");
    });
  }

  it("is refused nothing that the operator asked for so far", async () => {
    for (const pod of await operatorPods(kubectl)) {
      const answers = (await metricsOf(kubectl, pod)).split("\n");
      const requests = answers.filter((line) => line.startsWith("rest_client_requests_total{"));
      expect(requests.join("\n")).to.contain('code="200"');
      expect(requests.filter((line) => line.includes('code="403"') && !line.endsWith(" 0"))).to.deep.equal(
        [],
      );
    }
    for (const [pod, log] of await operatorLogs(kubectl)) {
      expect(
        log.split("\n").filter((line) => /forbidden|\b403\b/i.test(line)),
        pod,
      ).to.deep.equal([]);
    }
  });
});
