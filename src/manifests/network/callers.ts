// Who calls a Service: by an annotation, or because a workload's settings name it.

import { hasLabels, type Labels } from "../../domain/labels.ts";
import { CALLERS } from "../annotations.ts";
import type { Field } from "../field.ts";
import type { Inventory } from "../inventory.ts";
import type { Service } from "../service.ts";
import type { Workload } from "../workload.ts";
import type { Peer } from "./admission.ts";

/**
 * On a Service: who calls it, separated by semicolons. Each is a workload's name, or labels such as
 * `app=web,tier=front`; `NAMESPACE:` may stand before.
 */

export interface Caller extends Peer {
  /** "Deployment web", or its labels. */
  readonly title: string;
  /** certain: declared, or named as an address; likely: a setting is just the Service's name. */
  readonly confidence: "certain" | "likely";
  /** False for a name that no workload here has. */
  readonly isHere: boolean;
  /** How it is known: "as its variable API_URL says". */
  readonly because: string;
}

/** By annotation, and by what was said with the same words elsewhere. */
export function declaredCallers(service: Service, inventory: Inventory, said = ""): readonly Caller[] {
  return [service.manifest.annotations[CALLERS] ?? "", said]
    .join(";")
    .split(";")
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry) => declaredCaller(entry, service, inventory));
}

function declaredCaller(entry: string, { manifest }: Service, inventory: Inventory): Caller {
  const colon = entry.indexOf(":");
  const namespace = colon < 0 ? manifest.namespace : entry.slice(0, colon);
  const who = entry.slice(colon + 1);
  const scope = namespace === manifest.namespace ? manifest.scope : namespace;
  const labels = labelsOf(who);
  const workload = inventory.workloads.find(
    (one) =>
      one.manifest.scope === scope && (labels ? hasLabels(one.labels, labels) : one.manifest.name === who),
  );
  return {
    title: workload?.title ?? (labels ? `a pod with ${who}` : `the workload ${who}`),
    labels: workload?.labels ?? labels ?? {},
    isHere: workload !== undefined || labels !== undefined,
    scope,
    namespace,
    confidence: "certain",
    because: "as is declared",
  };
}

/** Undefined for a plain name. */
function labelsOf(text: string): Labels | undefined {
  if (!text.includes("=")) return undefined;
  const pairs = text.split(",").map((pair) => pair.split("=", 2).map((part) => part.trim()));
  return Object.fromEntries(pairs.map(([key = "", value = ""]) => [key, value]));
}

/** Workloads whose variables, arguments or ConfigMaps name Services. The settings themselves are never shown. */
export class InferredCallers {
  /** Several rules ask, and every setting of all workloads is read for it. */
  static readonly #made = new WeakMap<Inventory, InferredCallers>();
  /** By the name of a Service: the settings in which it is a word. */
  readonly #mentions = new Map<string, Mention[]>();

  /** Those of the inventory. */
  static in(inventory: Inventory): InferredCallers {
    const made = InferredCallers.#made.get(inventory) ?? new InferredCallers(inventory);
    InferredCallers.#made.set(inventory, made);
    return made;
  }

  private constructor(inventory: Inventory) {
    const names = new Set(inventory.services.map(({ manifest }) => manifest.name));
    for (const workload of inventory.workloads) {
      for (const setting of settingsOf(workload, inventory)) {
        for (const word of new Set(setting.field.text?.match(/[A-Za-z0-9-]+/g))) {
          if (names.has(word)) this.#add(word, { workload, setting });
        }
      }
    }
  }

  of(service: Service): readonly Caller[] {
    const mentions = this.#mentions.get(service.manifest.name) ?? [];
    return [...Map.groupBy(mentions, ({ workload }) => workload)].flatMap(([workload, inOne]) => {
      const isItself =
        hasLabels(workload.labels, service.selector) && workload.manifest.scope === service.manifest.scope;
      return isItself ? [] : (callerOf(service, workload, inOne) ?? []);
    });
  }

  #add(name: string, mention: Mention): void {
    const there = this.#mentions.get(name);
    if (there) there.push(mention);
    else this.#mentions.set(name, [mention]);
  }
}

interface Mention {
  readonly workload: Workload;
  readonly setting: Setting;
}

function callerOf(service: Service, workload: Workload, mentions: readonly Mention[]): Caller | undefined {
  const named = mentions.flatMap(({ setting: { field, where } }) => {
    const confidence = names(field.text ?? "", service, workload);
    return confidence ? [{ confidence, where }] : [];
  });
  const found = named.find(({ confidence }) => confidence === "certain") ?? named[0];
  if (found === undefined) return undefined;
  const { scope, namespace } = workload.manifest;
  return {
    title: workload.title,
    isHere: true,
    labels: workload.labels,
    scope,
    namespace,
    because: `as its ${found.where} says`,
    confidence: found.confidence,
  };
}

/** How surely a setting of the workload names the Service. */
function names(setting: string, { manifest }: Service, workload: Workload): Caller["confidence"] | undefined {
  const name = literally(manifest.name);
  const isBeside = workload.manifest.scope === manifest.scope;
  const namespace = manifest.namespace ? literally(manifest.namespace) : "[a-z0-9-]+";
  const before = "(?:^|[/@,=\\s\"'])";
  const after = "(?:[:/,?\\s\"']|$)";
  const qualified = new RegExp(`${before}${name}\\.${namespace}(?:\\.svc[a-z0-9.-]*)?\\.?${after}`);
  const inSvc = new RegExp(`${before}${name}\\.${namespace}\\.svc`);
  if (inSvc.test(setting) || (manifest.namespace !== "" && qualified.test(setting))) return "certain";
  if (!isBeside) return undefined;
  const address = new RegExp(`(?:[/@]${name}${after}|${before}${name}:\\d+)`);
  if (address.test(setting)) return "certain";
  return setting === manifest.name ? "likely" : undefined;
}

interface Setting {
  readonly field: Field;
  readonly where: string;
}

function settingsOf(workload: Workload, inventory: Inventory): readonly Setting[] {
  return workload.containers.flatMap(({ field }) => [
    ...field
      .at("env")
      .items()
      .flatMap((variable) => {
        const where = `variable ${variable.at("name").text ?? ""}`;
        const ref = variable.at("valueFrom", "configMapKeyRef");
        const map = ref.isThere ? configMap(ref.at("name").text, workload, inventory) : undefined;
        return [variable.at("value"), ...(map ? [map.at("data", ref.at("key").text ?? "")] : [])].map(
          (field) => ({ field, where }),
        );
      }),
    ...field
      .at("envFrom")
      .items()
      .flatMap((source) => configMap(source.at("configMapRef", "name").text, workload, inventory) ?? [])
      .flatMap((map) => map.at("data").entries())
      .map(([key, field]) => ({ field, where: `variable ${key}` })),
    ...["command", "args"].flatMap((part) =>
      field
        .at(part)
        .items()
        .map((item) => ({ field: item, where: part === "args" ? "arguments" : "command" })),
    ),
  ]);
}

function configMap(
  name: string | undefined,
  { manifest }: Workload,
  inventory: Inventory,
): Field | undefined {
  if (name === undefined) return undefined;
  return inventory.find(manifest.scope, "", "ConfigMap", name)?.root;
}

function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
