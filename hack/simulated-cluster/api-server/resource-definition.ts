// What the API server needs to know of a resource to serve it: its names, scope, subresources and rules.
import type { KubeObject } from "./kube-object.ts";

export interface ResourceDefinition {
  /** Unique in the server: the plural name, for custom resources with the group ("incidents.rolloutguard.io"). */
  readonly id: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames?: readonly string[] | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly isNamespaced: boolean;
  readonly isCustom: boolean;
  readonly hasStatus: boolean;
  readonly hasScale?: boolean | undefined;
  /** Whether `metadata.generation` counts changes of the spec. */
  readonly hasGeneration: boolean;
  /** Whether an update of what is not there creates it. */
  readonly isMadeByUpdate?: boolean | undefined;
  /** Whether an update must name the resourceVersion it was made for; with custom resources it always must. */
  readonly isLocked?: boolean | undefined;
  /** Field labels for selectors beside metadata.name and metadata.namespace. */
  readonly fieldLabels?: readonly string[] | undefined;
  /** Completes an object with its defaults before a write. Must return the same for its own result. */
  readonly withDefaults?: ((object: KubeObject) => KubeObject) | undefined;
  /** The status of a new object. */
  readonly initialStatus?: ((object: KubeObject) => unknown) | undefined;
  /** Throws an ApiError when the object may not be stored. */
  readonly validate?: ((object: KubeObject, previous: KubeObject | undefined) => void) | undefined;
  /** Removes fields that the schema does not know; returns their paths. Custom resources only. */
  readonly prune?: ((object: KubeObject) => { object: KubeObject; removed: readonly string[] }) | undefined;
  /** The OpenAPI schema. Custom resources only. */
  readonly schema?: object | undefined;
  /** What clients are told that still use the resource. */
  readonly deprecation?: string | undefined;
  /** Columns that `kubectl get` shows. */
  readonly printerColumns?: readonly PrinterColumn[] | undefined;
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly description?: string | undefined;
  readonly priority?: number | undefined;
  readonly format?: string | undefined;
}

/** "v1" or "apps/v1". */
export function apiVersionOf(resource: Pick<ResourceDefinition, "group" | "version">): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}
