// The contract on this cluster, its cases side by side, reported one by one.
import { loadKubeConfig } from "../../src/kube/connection/kube-config.ts";
import { connectApi } from "../contract/api.ts";
import { CONTRACT } from "../contract/contract.ts";
import { type ContractResult, runContract } from "../contract/run-contract.ts";
import { underTest } from "./under-test.ts";

/** The scenarios play meanwhile. */
const PARALLEL = 3;

describe("the contract with Kubernetes", () => {
  const { kubeconfig, only } = underTest();
  const chosen = CONTRACT.filter(({ title }) => title.includes(only));
  const outcomes = new Map(chosen.map(({ title }) => [title, Promise.withResolvers<ContractResult>()]));

  async function playAll(): Promise<void> {
    const api = connectApi(loadKubeConfig({ file: kubeconfig }));
    const onResult = (result: ContractResult) => outcomes.get(result.title)?.resolve(result);
    await runContract(api, { hasKubelet: true, only: [only], parallel: PARALLEL, onResult });
    await api.close();
  }

  before(() => {
    playAll().catch((error: unknown) => {
      for (const { reject } of outcomes.values()) reject(error);
    });
  });

  for (const { title } of chosen) {
    it(title, async () => {
      const result = await outcomes.get(title)?.promise;
      if (result?.outcome !== "kept") throw result?.error ?? new Error(`was ${result?.outcome}`);
    });
  }
});
