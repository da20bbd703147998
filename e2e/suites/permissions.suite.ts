// What the operator may do is what the table of its calls lists: no less, and nothing else.
import { expect } from "chai";
import { parseMetrics } from "../../hack/demo/metrics-report.ts";
import { CALLS_IN_GUARDED_NAMESPACES, CALLS_IN_OWN_NAMESPACE } from "../../src/kube/api-calls.ts";
import { grantedTo, grantsOf } from "../installed/granted-rules.ts";
import { OPERATOR_NAMESPACE, OPERATOR_USERNAME } from "../installed/installation.ts";
import { metricsOf, operatorPods } from "../installed/operator-pods.ts";
import { untilNoneTerminates } from "../installed/terminating-namespaces.ts";
import {
  IMPATIENT,
  MENTIONS_VARIABLE,
  WITH_VARIABLE,
  WITHOUT_VARIABLE,
} from "../scenarios/missing-variable.ts";
import { SHOP } from "../testing/shop.ts";
import { openStories } from "./open-stories.ts";
import { underTest } from "./under-test.ts";

/** What an attacker who has the operator's token would like to do, and one step beyond each thing that it may. */
const FORBIDDEN: readonly string[] = [
  "get secrets",
  "get configmaps",
  "get nodes",
  "get namespaces",
  "delete deployment shop",
  "scale deployment shop --replicas=0",
  "replace --validate=false -f -",
  "annotate service shop a=b",
  "delete pods --all",
  "delete rolloutguard shop",
  "annotate rolloutguard shop a=b",
  "create --validate=false configmap a",
  "create --validate=false serviceaccount a",
  "create --validate=false rolebinding a --clusterrole=cluster-admin --serviceaccount=default:default",
];

describe("the operator's ServiceAccount", () => {
  const { cluster, kubectl, round } = underTest();
  const namespace = `permissions-${round}`;
  const stories = openStories(cluster, kubectl, [namespace]);

  before(() => untilNoneTerminates(kubectl));

  after(() => stories.close());

  it("is refused nothing that a rollback needs", async () => {
    const { given, when, then } = await stories.begin(namespace);
    await given.aGuardedApplication(WITH_VARIABLE, SHOP, IMPATIENT);
    const countBefore = await requests();
    await when.shipped(WITHOUT_VARIABLE);
    await then.rolledBack(MENTIONS_VARIABLE);
    const countAfter = await requests();
    const made = (method: string, code: string) => countAfter(method, code) - countBefore(method, code);
    expect(made("PATCH", "200"), "patches").to.be.at.least(3);
    expect(made("POST", "201"), "new objects").to.be.at.least(2);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      expect(made(method, "403"), `${method}, refused`).to.equal(0);
    }
  });

  it("may do in a guarded namespace what the table lists, and nothing else", async () => {
    const granted = await grantedTo(kubectl, OPERATOR_USERNAME, namespace);
    expect(granted).to.deep.equal(grantsOf(CALLS_IN_GUARDED_NAMESPACES));
  });

  it("may do in its own namespace the same and renew its Lease, and nothing else", async () => {
    const granted = await grantedTo(kubectl, OPERATOR_USERNAME, OPERATOR_NAMESPACE);
    expect(granted).to.deep.equal(grantsOf([...CALLS_IN_GUARDED_NAMESPACES, ...CALLS_IN_OWN_NAMESPACE]));
  });

  for (const command of FORBIDDEN) {
    it(`is refused: kubectl ${command}`, async () => {
      const input = command.endsWith("-f -")
        ? await kubectl(["--namespace", namespace, "get", "deployment", "shop", "-o", "json"])
        : "";
      const words = [`--as=${OPERATOR_USERNAME}`, "--namespace", namespace, ...command.split(" ")];
      const answer = await kubectl(words, input).then(
        (output) => `allowed: ${output}`,
        (error: Error) => error.message,
      );
      expect(answer).to.match(/forbidden: User "system:serviceaccount:.*" cannot /i);
    });
  }

  /** How many requests of all pods were answered so. */
  async function requests(): Promise<(method: string, code: string) => number> {
    const pods = await operatorPods(kubectl);
    const texts = await Promise.all(pods.map((pod) => metricsOf(kubectl, pod)));
    const samples = texts.flatMap((text) => [...parseMetrics(text)]);
    return (method, code) =>
      samples
        .filter(([series]) => series.startsWith("rest_client_requests_total{"))
        .filter(([series]) => series.includes(`method="${method}"`) && series.includes(`code="${code}"`))
        .reduce((sum, [, count]) => sum + count, 0);
  }
});
