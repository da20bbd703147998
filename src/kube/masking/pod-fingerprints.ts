// Fingerprints of what the containers of a pod get by value (environment variables, arguments): it must not be seen in
// what others write about the pod.
import { asList, asObject, asText, asTexts, type RawObject } from "../objects.ts";
import { referencesOf } from "../pod-references.ts";
import { type Fingerprint, fingerprintOf, fingerprintsOf, valuesIn } from "./fingerprints.ts";

/** How many values of a pod are hidden, and how much of its names and labels is looked through for them. */
const MOST_VALUES = 500;
const MOST_SHOWN = 16 * 1_024;
/** Of a longer value the beginning is known, by which its line is hidden. */
const LONGEST_VALUE = 16 * 1_024;
const NONE: readonly Fingerprint[] = Object.freeze([]);

/** Words, numbers, sizes and durations that are too common to tell one text from another. */
const COMMON = /^(?:[A-Za-z]{1,7}|.{0,4}|[\d.]{1,7}[A-Za-z%]{0,3})$/s;
/** Names of variables, one or several: they say what is needed, not what it is. */
const NAMES = /^[A-Z]+(?:_[A-Z]+)+(?:,[A-Z]+(?:_[A-Z]+)+)*$/;

/** Fingerprints of what the containers of a pod template get by value; what its labels, names and images say may be seen anyway. */
export function fingerprintsOfTemplate(rawTemplate: unknown): readonly Fingerprint[] {
  const { metadata, spec } = asObject(rawTemplate);
  return fingerprintsOfPod(metadata, spec);
}

/** The same of a pod. */
export function fingerprintsOfPod(metadata: unknown, spec: unknown): readonly Fingerprint[] {
  const values = valuesOf(spec)
    .flatMap(partsOf)
    .filter((value) => !COMMON.test(value) && !NAMES.test(value))
    .slice(0, MOST_VALUES);
  if (values.length === 0) return NONE;
  const shown = shownBy(asObject(metadata), asObject(spec)).join("\n").slice(0, MOST_SHOWN);
  const seen = valuesIn(shown, values.map(fingerprintOf));
  return distinct(values.filter((value) => !seen.has(fingerprintOf(value))).flatMap(fingerprintsOf));
}

/** What everybody sees of a pod anyway: its namespace, labels, containers and images, and what it refers to. */
function shownBy({ namespace, labels }: RawObject, spec: RawObject): readonly string[] {
  const containers = containersOf(spec);
  return [
    asText(namespace),
    ...Object.values(asTexts(labels)),
    ...containers.flatMap(({ name, image }) => [asText(name), asText(image)]),
    ...referencesOf(spec),
  ];
}

/** What stands where hosts stand in values: "http://inventory:8080/x", "inventory.shop.svc:5432", "inventory". */
const HOST = /(?:^|[/@,;=\s])([a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)(?=$|[.:/,;\s])/g;
const MOST_HOSTS = 200;

/** Fingerprints of the hosts that the values of a pod template name, by which its calls of a Service are found. */
export function hostFingerprintsOf(rawTemplate: unknown): readonly Fingerprint[] {
  const values = valuesOf(asObject(rawTemplate).spec);
  if (values.length === 0) return NONE;
  const hosts = values.flatMap((value) => Array.from(value.matchAll(HOST), ([, host]) => host ?? ""));
  return distinct(hosts.slice(0, MOST_HOSTS).map(fingerprintOf));
}

/** One empty list for all, and no room for more in the others: each revision keeps two of them. */
function distinct(fingerprints: readonly Fingerprint[]): readonly Fingerprint[] {
  const different = Array.from(new Set(fingerprints));
  return different.length === 0 ? NONE : different.slice();
}

function valuesOf(spec: unknown): readonly string[] {
  return containersOf(spec).flatMap(({ env, command, args }) => [
    ...bounded(asList(env).map((variable) => asObject(variable).value)),
    ...valuesOfArguments(bounded([...asList(command), ...asList(args)])),
  ]);
}

function bounded(values: readonly unknown[]): readonly string[] {
  return values.slice(0, MOST_VALUES).map((value) => asText(value).slice(0, LONGEST_VALUE));
}

function containersOf(spec: unknown): readonly RawObject[] {
  const { initContainers, containers } = asObject(spec);
  return [...asList(initContainers), ...asList(containers)].map(asObject);
}

/** "--password=x", "--password x" and "PASSWORD=x"; the words themselves say what is run. */
function valuesOfArguments(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const before = words[index - 1] ?? "";
    const follows =
      before.startsWith("-") && !before.includes("=") && before !== "-c" && !word.startsWith("-");
    const assigned = word
      .split(/[\s;&|]+/)
      .flatMap((part) => /^[^=]+=(.+)$/s.exec(part)?.[1]?.replace(/^["']|["']$/g, "") ?? []);
    const ofFlag = /^-[^=\s]*=(.+)$/s.exec(word)?.[1];
    return [...assigned, ...(ofFlag === undefined ? [] : [ofFlag]), ...(follows ? [word] : [])];
  });
}

/** The value, its lines, and the password in it when it is a URL. */
function partsOf(value: string): readonly string[] {
  const lines = value.includes("\n") ? value.split("\n").map((line) => line.trim()) : [];
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@/]+)@/i.exec(value)?.[1];
  return [value.trim(), ...lines, ...(password === undefined ? [] : [password])];
}
