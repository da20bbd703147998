// `npm run contract -- --kubeconfig FILE`: plays the contract on any cluster that the project's CRDs are on.
import { parseArgs } from "node:util";
import { loadKubeConfig } from "../../src/kube/connection/kube-config.ts";
import { connectApi } from "./api.ts";
import { runContract } from "./run-contract.ts";

const USAGE = `usage: npm run contract -- [--kubeconfig FILE] [--context NAME] [--kubelet] [--only TEXT ...]

  --kubelet     run the cases that need running containers as well
  --only TEXT   run only the cases whose titles contain the text

It creates and deletes namespaces named contract-*: use a test cluster.`;

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string" },
    context: { type: "string" },
    kubelet: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    "time-scale": { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(USAGE);
else {
  const { kubeconfig: file, context, kubelet: hasKubelet, only } = values;
  const api = connectApi(loadKubeConfig({ file, context }), Number(values["time-scale"]));
  try {
    const results = await runContract(api, {
      hasKubelet,
      only,
      onResult: ({ title, outcome, seconds, error }) => {
        console.log(`${outcome.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${title}`);
        if (error !== undefined) console.log(error.message, error.stack?.match(/\S*cases\/\S+/)?.[0]);
      },
    });
    const broken = results.filter(({ outcome }) => outcome === "broken").length;
    console.log(`${results.length} cases, ${broken} broken.`);
    if (broken > 0) process.exitCode = 1;
  } finally {
    await api.close();
  }
}
