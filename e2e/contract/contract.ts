// The contract: everything that the operator relies on of an API server and of Kubernetes' controllers.
import { CUSTOM_RESOURCES } from "./cases/custom-resources.ts";
import { ENDPOINTS } from "./cases/endpoints.ts";
import { ENDS } from "./cases/ends.ts";
import { LEASES } from "./cases/leases.ts";
import { LISTS } from "./cases/lists.ts";
import { LOGS } from "./cases/logs.ts";
import { PATCHES } from "./cases/patches.ts";
import { PROBES } from "./cases/probes.ts";
import { REVISIONS } from "./cases/revisions.ts";
import { ROLLOUTS } from "./cases/rollouts.ts";
import { STARTS } from "./cases/starts.ts";
import { WATCHES } from "./cases/watches.ts";
import { WRITES } from "./cases/writes.ts";
import type { ContractCase } from "./contract-case.ts";

/** Every case; titles are unique. */
export const CONTRACT: readonly ContractCase[] = [
  ...PATCHES,
  ...WRITES,
  ...CUSTOM_RESOURCES,
  ...LEASES,
  ...LISTS,
  ...WATCHES,
  ...REVISIONS,
  ...ROLLOUTS,
  ...ENDPOINTS,
  ...STARTS,
  ...PROBES,
  ...ENDS,
  ...LOGS,
];
