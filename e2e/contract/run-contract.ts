// Plays the contract on a cluster: each case in a namespace of its own, a few at a time.
import { deepStrictEqual } from "node:assert/strict";
import type { Api } from "./api.ts";
import { CONTRACT } from "./contract.ts";
import type { ContractCase } from "./contract-case.ts";
import { Site } from "./site.ts";

export interface ContractOptions {
  /** Whether a kubelet runs containers. Without it the cases that need one are left out, and reported so. */
  readonly hasKubelet: boolean;
  /** Only the cases whose titles contain one of these texts. */
  readonly only?: readonly string[] | undefined;
  /** How many cases run at a time. Default 6. */
  readonly parallel?: number | undefined;
  readonly onResult?: ((result: ContractResult) => void) | undefined;
}

export interface ContractResult {
  readonly title: string;
  readonly outcome: "kept" | "broken" | "left out";
  /** What the cluster did instead. */
  readonly error?: Error;
  readonly seconds: number;
}

const PARALLEL = 6;

/**
 * Resolves with the result of every chosen case, in the order of the contract; never rejects for what a case finds.
 * The project's CRDs must be there. The namespaces are deleted; that they are gone is not waited for.
 */
export async function runContract(api: Api, options: ContractOptions): Promise<readonly ContractResult[]> {
  const { hasKubelet, only, parallel = PARALLEL, onResult } = options;
  const chosen = CONTRACT.filter(
    ({ title }) => only === undefined || only.some((text) => title.includes(text)),
  );
  const run = Date.now().toString(36);
  const results: ContractResult[] = [];
  const waiting = [...chosen.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, each] = next;
      const result =
        each.needsKubelet && !hasKubelet
          ? ({ title: each.title, outcome: "left out", seconds: 0 } as const)
          : await playCase(api, each, `contract-${run}-${index}`);
      results[index] = result;
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return results;
}

async function playCase(api: Api, { title, play }: ContractCase, namespace: string): Promise<ContractResult> {
  const site = new Site(api, namespace);
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  try {
    await beginNamespace(site);
    await play(site);
    return { title, outcome: "kept", seconds: seconds() };
  } catch (error) {
    return { title, outcome: "broken", error: withDifference(error), seconds: seconds() };
  } finally {
    site.close();
    await api.request("DELETE", `/api/v1/namespaces/${namespace}`).catch(() => undefined);
  }
}

/** A namespace in which pods can be made: those need its ServiceAccount. */
async function beginNamespace(site: Site): Promise<void> {
  const { api, namespace } = site;
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await api.request("POST", "/api/v1/namespaces", manifest);
  const account = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  await site.eventually("the namespace has its ServiceAccount", async () => {
    const { code } = await api.request("GET", account);
    return code === 200;
  });
}

/** The error, with the difference between what was expected and what came in its message. */
function withDifference(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!("actual" in error && "expected" in error)) return error;
  try {
    deepStrictEqual(error.actual, error.expected);
  } catch (difference) {
    if (difference instanceof Error) error.message += `\n${difference.message}`;
  }
  return error;
}
