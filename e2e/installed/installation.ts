// Puts the operator on a cluster as a user does, and takes it away again.
import { fileURLToPath } from "node:url";
import type { Kubectl } from "./kubectl.ts";

/** config/default with the image that was built here. */
const OVERLAY = fileURLToPath(new URL("overlay", import.meta.url));

export const OPERATOR_NAMESPACE = "rolloutguard-system";
export const OPERATOR = "rolloutguard";
export const OPERATOR_USERNAME = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR}`;

/** Resolves when all replicas are ready. Rejects when they are not in time. */
export async function installOperator(kubectl: Kubectl): Promise<void> {
  await kubectl(["apply", "--server-side", "--validate=strict", "-k", OVERLAY]);
  const rollout = ["rollout", "status", `deployment/${OPERATOR}`, "--timeout=180s"];
  await kubectl(["--namespace", OPERATOR_NAMESPACE, ...rollout]);
}

/** Takes everything away that was applied, guards and Incidents with it. */
export async function uninstallOperator(kubectl: Kubectl): Promise<void> {
  await kubectl(["delete", "--ignore-not-found", "--timeout=120s", "-k", OVERLAY]);
}
