// What a Lease says, read from and written to its JSON. Pure.
import { asInstant, asInteger, asObject, asText, type RawObject } from "../objects.ts";

export interface LeaseRecord {
  /** The identity of the holder; empty: nobody. */
  readonly holder: string;
  /** For how long after its last renewal it must be left to its holder; undefined when it does not say. */
  readonly durationMs: number | undefined;
  /** Epoch ms, by the clock of whoever wrote it. */
  readonly acquiredAt: number | undefined;
  readonly renewedAt: number | undefined;
  /** How often it went from one holder to another. */
  readonly transitions: number;
}

/** Any JSON is taken: what is missing or wrong counts as not said. */
export function leaseRecordOf(lease: RawObject): LeaseRecord {
  const spec = asObject(lease["spec"]);
  const seconds = asInteger(spec["leaseDurationSeconds"]);
  return {
    holder: asText(spec["holderIdentity"]),
    durationMs: seconds > 0 ? seconds * 1_000 : undefined,
    acquiredAt: asInstant(spec["acquireTime"]),
    renewedAt: asInstant(spec["renewTime"]),
    transitions: Math.max(0, asInteger(spec["leaseTransitions"])),
  };
}

/** The spec as the API server takes it. Whole seconds, rounded up: others must not take it too early. */
export function leaseSpecOf(record: LeaseRecord): RawObject {
  const { holder, durationMs, acquiredAt, renewedAt, transitions } = record;
  return {
    holderIdentity: holder,
    ...(durationMs !== undefined && { leaseDurationSeconds: Math.ceil(durationMs / 1_000) }),
    ...(acquiredAt !== undefined && { acquireTime: microTime(acquiredAt) }),
    ...(renewedAt !== undefined && { renewTime: microTime(renewedAt) }),
    leaseTransitions: transitions,
  };
}

/** Kubernetes' MicroTime: the API server takes six digits after the point, no more and no fewer. */
function microTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}
