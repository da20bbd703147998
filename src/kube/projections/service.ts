// Services: raw JSON → what is needed to know whom they select and how their endpoints count.

import { asList, asObject, asTexts, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";

/** A Service as cached, without its endpoints. */
export interface ServiceProjection {
  readonly name: string;
  readonly uid: string;
  /** Empty for a Service without selector. */
  readonly selector: Readonly<Record<string, string>>;
  readonly isExternalName: boolean;
  readonly publishesNotReady: boolean;
  /** A headless Service may have none. */
  readonly hasPorts: boolean;
}

/** The Service; what is missing counts as in a Service without it. */
export function projectService(object: RawObject): ServiceProjection {
  const meta = metaOf(object);
  const spec = asObject(object.spec);
  return deepFreeze({
    name: meta.name,
    uid: meta.uid,
    selector: asTexts(spec.selector),
    isExternalName: spec.type === "ExternalName",
    publishesNotReady: spec.publishNotReadyAddresses === true,
    hasPorts: asList(spec.ports).length > 0,
  });
}
