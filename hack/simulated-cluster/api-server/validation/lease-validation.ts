// The rules of Leases, in the API server's words.
import { type FieldError, invalid } from "../api-error.ts";
import type { KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { forbiddenField, negative, unsupported, wrong } from "./field-errors.ts";

interface LeaseSpec {
  readonly leaseDurationSeconds?: number;
  readonly leaseTransitions?: number;
  readonly strategy?: string;
  readonly preferredHolder?: string;
}

/** Refuses durations that are none and a preference without a strategy. A Lease without a holder is fine: it is free. */
export function validateLease(resource: ResourceDefinition, lease: KubeObject): void {
  const spec = (lease["spec"] ?? {}) as LeaseSpec;
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec;
  const faults: FieldError[] = [];
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    faults.push(wrong("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0"));
  }
  faults.push(...negative("spec.leaseTransitions", leaseTransitions));
  faults.push(...unsupported("spec.strategy", strategy, ["OldestEmulationVersion"]));
  if (preferredHolder && !strategy) {
    faults.push(forbiddenField("spec.preferredHolder", "may only be specified if `strategy` is defined"));
  }
  if (faults.length > 0) throw invalid(resource, lease.metadata.name, faults);
}
