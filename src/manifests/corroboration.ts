// Whether something beside the declared ports says that a container listens on a port.
import type { Inventory } from "./inventory.ts";
import { probesOf } from "./probes.ts";
import { type Container, lastingContainers, type Workload } from "./workload.ts";

/** Arguments, variables or a mounted ConfigMap of a container name the port, or all of several probes ask it. */
export function isListenedOn(port: number, workload: Workload, inventory: Inventory): boolean {
  return lastingContainers(workload).some(
    (container) => isNamed(port, container, workload, inventory) || doProbesAgree(port, container),
  );
}

function doProbesAgree(port: number, container: Container): boolean {
  const probes = probesOf(container).filter(({ asks }) => asks !== undefined);
  return probes.length > 1 && probes.every((probe) => probe.port.number === port);
}

function isNamed(port: number, { field }: Container, workload: Workload, inventory: Inventory): boolean {
  const number = new RegExp(`(?<![\\d.])${port}(?![\\d.])`);
  const texts = [
    ...["command", "args"].flatMap((key) => field.at(key).items()),
    ...field
      .at("env")
      .items()
      .map((variable) => variable.at("value")),
    ...mapsOf(workload).flatMap((name) =>
      (inventory.find(workload.manifest.scope, "", "ConfigMap", name)?.root.at("data").entries() ?? []).map(
        ([, value]) => value,
      ),
    ),
  ];
  return texts.some(({ shown }) => number.test(shown));
}

/** The ConfigMaps that its pods mount or take variables from. */
function mapsOf({ template, containers }: Workload): readonly (string | undefined)[] {
  const volumes = template.at("spec", "volumes").items();
  return [
    ...volumes.map((volume) => volume.at("configMap", "name").text),
    ...containers
      .flatMap(({ field }) => field.at("envFrom").items())
      .map((source) => source.at("configMapRef", "name").text),
  ];
}
