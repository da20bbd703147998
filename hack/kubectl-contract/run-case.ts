// Plays a case on a cluster: a namespace of its own, its commands one after the other, and the namespace removed.

import { answerTo, type CommandAnswer, mustRun } from "./answer-to.ts";
import { type ClusterAccess, environmentFor } from "./cluster-access.ts";
import type { ContractCase } from "./contract-case.ts";

/** How many cases run at a time. */
const AT_A_TIME = 6;

export interface CaseAnswers {
  readonly name: string;
  readonly answers: readonly CommandAnswer[];
}

/** Plays the case; its namespace is removed afterwards, whatever happened. */
async function runCase(contractCase: ContractCase, access: ClusterAccess): Promise<CaseAnswers> {
  const namespace = `contract-${contractCase.name}`;
  const environment = environmentFor(access, namespace);
  await mustRun(`kubectl delete namespace ${namespace} --ignore-not-found --wait`, environment);
  await mustRun(`kubectl create namespace ${namespace}`, environment);
  try {
    // Pods are refused until the namespace has its ServiceAccount.
    await mustRun("kubectl wait --for=create serviceaccount/default --timeout=20s", environment);
    const answers: CommandAnswer[] = [];
    for (const command of contractCase.commands) answers.push(await answerTo(command, environment));
    return { name: contractCase.name, answers };
  } finally {
    await mustRun(`kubectl delete namespace ${namespace} --wait=false`, environment);
  }
}

/** Plays all of the cases, several at a time; those that want to be alone come last. In the order of the cases. */
export async function runCases(
  cases: readonly ContractCase[],
  access: ClusterAccess,
): Promise<readonly CaseAnswers[]> {
  const results = new Map<string, CaseAnswers>();
  const waiting = cases.filter(({ alone }) => !alone);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results.set(next.name, await runCase(next, access));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  for (const each of cases.filter(({ alone }) => alone)) results.set(each.name, await runCase(each, access));
  return cases.flatMap(({ name }) => results.get(name) ?? []);
}
