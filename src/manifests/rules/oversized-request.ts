// Is there a node that can hold what a container requests?

import type { Field } from "../field.ts";
import type { LintRule, Problem } from "../finding.ts";
import { quantityOf } from "../quantity.ts";
import type { Container, Workload } from "../workload.ts";

/** More than nodes usually have; whoever asks for GPUs has larger ones. */
const MOST_CORES = 48;
const MOST_BYTES = 384 * 2 ** 30;
/** A process needs more than this to start. */
const LEAST_BYTES = 4 * 2 ** 20;

export const oversizedRequest: LintRule = {
  id: "oversized-request",
  severity: "warning",
  meaning: "A container requests more than a node usually has, or memory in a unit that is hardly meant",
  advice:
    "A missing `m` makes 100 processors of 100 millicores, and `m` at memory makes thousandths of bytes of megabytes. Such pods stay Pending, or are killed at the start.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of workload.containers) yield* judge(container, workload);
    }
  },
};

function* judge(container: Container, { manifest, title }: Workload): Iterable<Problem> {
  const resources = container.field.at("resources");
  const has = `Container ${container.name} of ${title}`;
  const asksFor = (what: string) => {
    const request = resources.at("requests", what);
    return request.isThere ? request : resources.at("limits", what);
  };
  const [cpu, memory] = [asksFor("cpu"), asksFor("memory")];
  const isSpecial = resources
    .at("limits")
    .entries()
    .some(([name]) => name.includes("/"));
  if (!isSpecial && (quantityOf(cpu) ?? 0) >= MOST_CORES) {
    yield {
      manifest,
      field: cpu,
      message: `${has} requests ${cpu.shown} processors, more than nodes usually have: its pods stay Pending.`,
      fix: `Write \`cpu: ${cpu.shown}m\`, if millicores are meant.`,
    };
  }
  if (!isSpecial && (quantityOf(memory) ?? 0) >= MOST_BYTES) {
    yield {
      manifest,
      field: memory,
      message: `${has} requests ${memory.shown} of memory, more than nodes usually have: its pods stay Pending.`,
      fix: "Write how much it uses on a busy day, such as `memory: 512Mi`.",
    };
  }
  const small = [resources.at("limits", "memory"), resources.at("requests", "memory")].find(isTooSmall);
  if (small !== undefined) {
    const amount = small.shown.replace(/[a-z]+$/i, "");
    yield {
      manifest,
      field: small,
      message: `${has} has ${small.shown} as memory, which is ${quantityOf(small)} bytes: ${small.path.includes("limits") ? "it cannot start" : "the scheduler counts it as nothing"}.`,
      fix: `Write the unit that is meant, such as \`memory: ${amount}Mi\`.`,
    };
  }
}

function isTooSmall(memory: Field): boolean {
  const bytes = quantityOf(memory);
  return bytes !== undefined && bytes > 0 && bytes < LEAST_BYTES;
}
