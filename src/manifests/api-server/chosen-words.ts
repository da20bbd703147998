// Fields of pods that take one of a few words.
import { nearest } from "../../domain/nearest.ts";
import type { Field } from "../field.ts";
import { choices } from "./container-refusals.ts";
import { isPlaceholder, pathText, type Refusal } from "./refusal.ts";

export function chosenWordRefusals(spec: Field): readonly Refusal[] {
  const containers = [...spec.at("containers").items(), ...spec.at("initContainers").items()];
  return [
    ...choices(spec.at("dnsPolicy"), ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ...[spec, ...containers].flatMap((of) =>
      choices(of.at("securityContext", "seccompProfile", "type"), [
        "Localhost",
        "RuntimeDefault",
        "Unconfined",
      ]),
    ),
    ...spec
      .at("tolerations")
      .items()
      .flatMap((toleration) => [
        ...choices(toleration.at("operator"), ["Equal", "Exists"]),
        ...choices(toleration.at("effect"), ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
      ]),
    ...spec
      .at("topologySpreadConstraints")
      .items()
      .flatMap((spread) => choices(spread.at("whenUnsatisfiable"), ["DoNotSchedule", "ScheduleAnyway"])),
    ...containers.flatMap((container) => [
      ...choices(container.at("terminationMessagePolicy"), ["FallbackToLogsOnError", "File"]),
      ...container
        .at("env")
        .items()
        .flatMap((variable) => pathRefusals(variable.at("valueFrom", "fieldRef", "fieldPath"))),
    ]),
  ];
}

/** What a variable can take from its pod. */
const FIELD_PATHS = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

function pathRefusals(field: Field): readonly Refusal[] {
  const { text } = field;
  if (!text || isPlaceholder(field) || FIELD_PATHS.includes(text)) return [];
  if (/^metadata\.(labels|annotations)\['[^']+'\]$/.test(text)) return [];
  const meant =
    FIELD_PATHS.find((one) => one.toLowerCase() === text.toLowerCase()) ?? nearest(text, FIELD_PATHS);
  return [
    {
      field,
      says: `${pathText(field)}: Invalid value: "${text}": error converting fieldPath: field label not supported: ${text}`,
      fix: meant
        ? `Write \`${meant}\`.`
        : `Write one of ${FIELD_PATHS.join(", ")}, or metadata.labels['KEY'].`,
    },
  ];
}
