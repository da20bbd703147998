// The Helm chart from installation to removal, beside the operator that is installed already: for one namespace, without the CRDs.
import { expect } from "chai";
import { parseMetrics } from "../../hack/demo/metrics-report.ts";
import { CHART } from "../../hack/generate/testing/chart.ts";
import { helmProgram } from "../../hack/kubectl-contract/kubectl-binary.ts";
import { runProgram } from "../../hack/run-program.ts";
import { kubectlJson } from "../installed/kubectl.ts";
import { metricsOf, operatorPods } from "../installed/operator-pods.ts";
import { underTest } from "./under-test.ts";

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
}

describe("the Helm chart", () => {
  const { kubeconfig, kubectl, round } = underTest();
  const namespace = `chart-${round}`;
  const values = [
    "--set=image.repository=localhost/rolloutguard,image.tag=dev",
    "--set=crds.enabled=false,rbac.aggregateClusterRoles=false",
    `--set=watch.namespaces={${namespace}}`,
  ];

  const helm = (...words: readonly string[]) =>
    runProgram([helmProgram(), ...words, "--kubeconfig", kubeconfig, "--namespace", namespace]);

  const ready = () =>
    kubectl(["--namespace", namespace, "rollout", "status", "deployment/rolloutguard", "--timeout=300s"]);

  /** What the environment of the Deployment's container says about this setting; undefined when it says nothing. */
  async function setting(variable: string): Promise<string | undefined> {
    const words = ["--namespace", namespace, "get", "deployment", "rolloutguard"];
    const { spec } = await kubectlJson<Deployment>(kubectl, words);
    return spec.template.spec.containers[0]?.env.find(({ name }) => name === variable)?.value;
  }

  after(() => kubectl(["delete", "namespace", namespace, "--ignore-not-found", "--timeout=120s"]));

  it("installs an operator that becomes ready, and is refused nothing", async () => {
    await helm("install", "rolloutguard", CHART, "--create-namespace", ...values);
    await ready();
    for (const pod of await operatorPods(kubectl, namespace)) {
      const samples = [...parseMetrics(await metricsOf(kubectl, pod, namespace))];
      const refused = samples.filter(([series, count]) => series.includes('code="403"') && count > 0);
      expect(refused).to.deep.equal([]);
    }
  });

  it("is upgraded to other settings, and rolled back to the former ones", async () => {
    await helm("upgrade", "rolloutguard", CHART, ...values, "--set=settings.workers=2");
    await ready();
    expect(await setting("ROLLOUTGUARD_WORKERS")).to.equal("2");
    await helm("rollback", "rolloutguard");
    await ready();
    expect(await setting("ROLLOUTGUARD_WORKERS")).to.equal(undefined);
  });

  it("leaves nothing behind when it is uninstalled", async () => {
    await helm("uninstall", "rolloutguard", "--wait", "--timeout=300s");
    const kinds =
      "deployments,services,serviceaccounts,roles,rolebindings,networkpolicies,poddisruptionbudgets";
    const labelled = ["--selector", "app.kubernetes.io/instance=rolloutguard"];
    const { items } = await kubectlJson<{ items: readonly object[] }>(kubectl, [
      "--namespace",
      namespace,
      "get",
      kinds,
      ...labelled,
    ]);
    expect(items).to.deep.equal([]);
  });
});
