// Which resources the server has: the built-in ones and those that CRDs add. Found by path, by kind or by name.
import { ApiError } from "../api-error.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import { BUILT_IN_RESOURCES } from "./built-in-resources.ts";

export class ResourceTable {
  readonly #byId = new Map<string, ResourceDefinition>();

  constructor() {
    for (const resource of BUILT_IN_RESOURCES) this.add(resource);
  }

  /** Adds the resource or replaces the one of the same id. */
  add(resource: ResourceDefinition): void {
    this.#byId.set(resource.id, resource);
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  all(): readonly ResourceDefinition[] {
    return [...this.#byId.values()];
  }

  /** The resource of a URL. */
  atPath(group: string, version: string, plural: string): ResourceDefinition | undefined {
    const resource = this.#byId.get(plural) ?? this.#byId.get(`${plural}.${group}`);
    if (resource?.group === group && resource.version === version) return resource;
    return this.#byId.get(`${plural}.${group}`);
  }

  /** The resource that a test or a controller names: "pods", "rolloutguards" or "rolloutguards.rolloutguard.io". */
  named(name: string): ResourceDefinition {
    const resource = this.#byId.get(name) ?? this.all().find(({ plural }) => plural === name);
    if (resource === undefined) throw unknown(`the server doesn't have a resource type "${name}"`);
    return resource;
  }

  /** The resource of an object. */
  ofKind(apiVersion: string, kind: string): ResourceDefinition {
    const resource = this.all().find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
    if (resource === undefined) {
      throw unknown(`no matches for kind "${kind}" in version "${apiVersion}"`);
    }
    return resource;
  }
}

function unknown(message: string): ApiError {
  return new ApiError(404, "NotFound", message, {});
}
