// What Kubernetes' validation says of pods, beyond their schema.
import { nearest } from "../../domain/nearest.ts";
import type { Field } from "../field.ts";
import type { Workload } from "../workload.ts";
import { chosenWordRefusals } from "./chosen-words.ts";
import { containerRefusals } from "./container-refusals.ts";
import { pathText, type Refusal } from "./refusal.ts";

export function podRefusals(workload: Workload): readonly Refusal[] {
  const spec = workload.template.at("spec");
  return [
    ...mountRefusals(workload),
    ...duplicates(spec.at("volumes").items(), "name"),
    ...duplicates([...spec.at("containers").items(), ...spec.at("initContainers").items()], "name"),
    ...workload.containers.flatMap((container) => containerRefusals(container, spec)),
    ...volumeRefusals(spec),
    ...tolerationRefusals(spec),
    ...chosenWordRefusals(spec),
    ...graceRefusals(workload),
  ];
}

function* mountRefusals({ containers, template, manifest }: Workload): Iterable<Refusal> {
  const claims =
    manifest.kind === "StatefulSet" ? manifest.root.at("spec", "volumeClaimTemplates").items() : [];
  const names = [
    ...template
      .at("spec", "volumes")
      .items()
      .map((volume) => volume.at("name").text ?? ""),
    ...claims.map((claim) => claim.at("metadata", "name").text ?? ""),
  ];
  const mounts = containers.flatMap(({ field }) => [
    ...field.at("volumeMounts").items(),
    ...field.at("volumeDevices").items(),
  ]);
  const unused = names.filter((name) => !mounts.some((mount) => mount.at("name").text === name));
  for (const mount of mounts) {
    const name = mount.at("name");
    if (name.text === undefined || names.includes(name.text)) continue;
    const meant = nearest(name.text, names) ?? (unused.length === 1 ? unused[0] : undefined);
    yield {
      field: name,
      says: `${pathText(name)}: Not found: "${name.text}"`,
      fix: meant
        ? `Write \`name: ${meant}\`, the volume that is there, or add a volume ${name.text}.`
        : `Add a volume \`name: ${name.text}\` to the pod's spec.`,
    };
  }
  for (const { field } of containers) yield* duplicates(field.at("volumeMounts").items(), "mountPath");
}

/** Elements whose key has the same value as that of an earlier one. */
export function duplicates(items: readonly Field[], key: string): readonly Refusal[] {
  return items.flatMap((item, index) => {
    const own = item.at(key);
    const isTwice =
      own.shown !== "" && items.slice(0, index).some((earlier) => earlier.at(key).value === own.value);
    if (!isTwice) return [];
    return [
      {
        field: own,
        says: `${pathText(own)}: Duplicate value: "${own.shown}"`,
        fix: "Write another one, or remove one of the two.",
      },
    ];
  });
}

function* volumeRefusals(spec: Field): Iterable<Refusal> {
  for (const volume of spec.at("volumes").items()) {
    const sources = volume.entries().filter(([key, field]) => key !== "name" && field.isThere);
    const second = sources[1]?.[1];
    if (second === undefined) continue;
    yield {
      field: second,
      says: `${pathText(second)}: Forbidden: may not specify more than 1 volume type`,
      fix: "Make two volumes of it, each with a name.",
    };
  }
}

function* tolerationRefusals(spec: Field): Iterable<Refusal> {
  for (const toleration of spec.at("tolerations").items()) {
    const [operator, value] = [toleration.at("operator"), toleration.at("value")];
    if (operator.text !== "Exists" || !value.text) continue;
    yield {
      field: value,
      says: `${pathText(operator)}: Invalid value: "${value.text}": value must be empty when \`operator\` is 'Exists'`,
      fix: "Take `value` out, or write `operator: Equal`.",
    };
  }
}

function* graceRefusals({ template, containers }: Workload): Iterable<Refusal> {
  const grace = template.at("spec", "terminationGracePeriodSeconds").number ?? 30;
  for (const { field } of containers) {
    const seconds = field.at("lifecycle", "preStop", "sleep", "seconds");
    if ((seconds.number ?? 0) <= grace) continue;
    yield {
      field: seconds,
      says: `${pathText(seconds)}: Invalid value: ${seconds.number}: must be non-negative and less than terminationGracePeriodSeconds (${grace})`,
      fix: `Write \`terminationGracePeriodSeconds: ${(seconds.number ?? 0) + 30}\` into the pod's spec, or sleep less.`,
    };
  }
}
