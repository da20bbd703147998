// The three calls about the Lease: read it, make it, replace it as it was read.
import type { ApiClient, WriteOptions } from "../connection/api-client.ts";
import { isAlreadyExists, isConflict, isNotFound } from "../connection/api-error.ts";
import { asObject, type RawObject } from "../objects.ts";
import { apiVersionOf, resourcePath, UNCACHED_RESOURCES } from "../resources.ts";
import { type LeaseRecord, leaseRecordOf, leaseSpecOf } from "./lease-record.ts";

/** The Lease as the API server has it: what it says, and the object that says it. */
export interface SeenLease {
  readonly record: LeaseRecord;
  readonly object: RawObject;
}

export interface LeaseAccess {
  /** "namespace/name", for sentences. */
  readonly name: string;
  /** undefined: there is none. */
  read(options: CallOptions): Promise<SeenLease | undefined>;
  /**
   * Writes the record onto the Lease as it was seen, or makes it where there was none. undefined: it is another by now
   * and was left as it is.
   */
  write(
    record: LeaseRecord,
    seen: SeenLease | undefined,
    options: CallOptions,
  ): Promise<SeenLease | undefined>;
}

type CallOptions = Pick<WriteOptions, "signal">;

/** Each method is one request and rejects with ApiError or ConnectionError. Nothing is tried twice. */
export function createLeaseAccess(
  client: Pick<ApiClient, "get" | "create" | "replace">,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): LeaseAccess {
  const path = resourcePath("leases", namespace, name);

  return {
    name: `${namespace}/${name}`,

    async read({ signal }) {
      try {
        return seen(await client.get(path, {}, { attempts: 1, signal }));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },

    async write(record, before, options) {
      const spec = leaseSpecOf(record);
      try {
        if (before === undefined) {
          const lease = { apiVersion: apiVersionOf("leases"), kind: UNCACHED_RESOURCES.leases.kind };
          const object = { ...lease, metadata: { namespace, name }, spec };
          return seen(await client.create(resourcePath("leases", namespace), object, options));
        }
        // What others wrote into it stays; the resourceVersion is the one that was seen.
        const object = { ...before.object, spec: { ...asObject(before.object["spec"]), ...spec } };
        return seen(await client.replace(path, object, options));
      } catch (error) {
        if (isConflict(error) || isAlreadyExists(error) || (before && isNotFound(error))) return undefined;
        throw error;
      }
    },
  };
}

function seen(object: RawObject): SeenLease {
  return { record: leaseRecordOf(object), object };
}
