// Namespaces that are being deleted refuse everything new with 403, which looks like a missing right.
import { setTimeout as sleep } from "node:timers/promises";
import type { Kubectl } from "./kubectl.ts";

const TRIES = 120;

/** Resolves when no namespace is being deleted any more. Rejects when that takes more than two minutes. */
export async function untilNoneTerminates(kubectl: Kubectl): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const selector = "--field-selector=status.phase=Terminating";
    const left = await kubectl(["get", "namespaces", selector, "--output=name"]);
    if (left.trim() === "") return;
    await sleep(1_000);
  }
  throw new Error("there are still namespaces that are being deleted");
}
