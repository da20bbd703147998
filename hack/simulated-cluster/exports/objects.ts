// The objects of the API: their types, and how they hang together.
export type * from "../api-server/kinds.ts";
export {
  controllerOf,
  controllerReference,
  isJsonObject,
  type KubeObject,
  type Manifest,
  type Metadata,
  type OwnerReference,
} from "../api-server/kube-object.ts";
export { toJson } from "../api-server/reading/serialization.ts";
export { managedFieldsText } from "../api-server/writing/fields/managed-fields.ts";
