// Services: raw JSON → what is needed to know whom they select and how their endpoints count.

import type { ServicePortView } from "../../domain/snapshot/service.ts";
import { asInteger, asList, asName, asObject, asTexts, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { sharedPart } from "./shared-part.ts";
import { sharedText } from "./shared-text.ts";

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
  readonly ports: readonly ServicePortView[];
  /** Where it has several ports: those that it sends to by the name that a container gives. */
  readonly namedPorts: readonly NamedPort[];
}

/** The Service's own name of a port, by which slices know it, and the name that a container gives to it. */
export interface NamedPort {
  readonly name: string;
  readonly targetPort: string;
}

/** How many ports of a Service are looked at. */
const MOST_PORTS = 100;

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
    // Nearly all Services have the same one.
    ports: sharedPart("Service ports", spec.ports, () => asList(spec.ports).slice(0, MOST_PORTS).map(portOf)),
    namedPorts: sharedPart("named Service ports", spec.ports, () => namedPorts(asList(spec.ports))),
  });
}

/** Kubernetes takes the port itself where no targetPort is given. */
function portOf(raw: unknown): ServicePortView {
  const { port, targetPort } = asObject(raw);
  const number = asInteger(port);
  const name = typeof targetPort === "string" && targetPort !== "" ? sharedText(targetPort) : undefined;
  return { port: number, targetPort: name ?? asInteger(targetPort, number) };
}

function namedPorts(ports: readonly unknown[]): readonly NamedPort[] {
  if (ports.length < 2) return [];
  return ports.slice(0, MOST_PORTS).flatMap((raw) => {
    const { targetPort } = portOf(raw);
    const name = sharedText(asName(asObject(raw).name) ?? "");
    return typeof targetPort === "string" ? [{ name, targetPort }] : [];
  });
}
