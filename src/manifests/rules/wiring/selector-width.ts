// Does a Service select the pods of one workload, in every version?
import type { LintRule, Problem } from "../../finding.ts";
import type { Inventory } from "../../inventory.ts";
import type { Service } from "../../service.ts";
import type { Workload } from "../../workload.ts";
import { isVersion } from "../selector-template.ts";

export const selectorWidth: LintRule = {
  id: "selector-width",
  severity: "warning",
  meaning: "A Service selects pods of several applications, or of one version only",
  advice:
    "A selector that the pods of several applications have sends requests to all of them; applications differ by their name label or their image. A selector with a version loses its endpoints with the next release. Workloads that run the same image, such as a canary, are meant to share a Service.",
  *run(inventory) {
    for (const service of inventory.services) {
      const served = inventory.servedBy(service).filter(({ manifest }) => manifest.kind !== "Pod");
      yield* wide(service, served);
      yield* narrow(service, served, inventory);
    }
  },
};

function* wide({ manifest, title, selectorField }: Service, served: readonly Workload[]): Iterable<Problem> {
  const applications = new Set(served.map(applicationOf));
  const titles = new Set(served.map((workload) => workload.title));
  // Two of one name are variants of one example.
  if (applications.size < 2 || titles.size < served.length || served.some(isVariant)) return;
  const own = served.find((workload) => workload.manifest.name === manifest.name);
  const key =
    own &&
    Object.keys(own.labels).find((one) =>
      served.every((other) => other === own || other.labels[one] !== own.labels[one]),
    );
  yield {
    manifest,
    field: selectorField,
    message: `${title} sends requests to the pods of ${served.map((workload) => workload.title).join(" and ")}, which are different applications.`,
    fix: key
      ? `Write \`${key}: ${own.labels[key]}\` into spec.selector, if ${own.title} is meant alone.`
      : "Give the workloads a label that tells them apart, and write it into spec.selector.",
  };
}

/** Labels that name an application. */
const NAMES = ["app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/component", "component"];

/** Its name by its labels, and its images without registry and tag. */
function applicationOf({ containers, labels }: Workload): string {
  const names = NAMES.map((key) => labels[key]);
  const images = containers
    .filter(({ role }) => role === "main")
    .map(
      ({ field }) =>
        (field.at("image").text ?? "")
          .replace(/[:@][^/]*$/, "")
          .split("/")
          .at(-1) ?? "",
    );
  return JSON.stringify([names, images]);
}

/** Two versions side by side are meant to share a Service. */
function isVariant({ manifest }: Workload): boolean {
  return /(^|-)(canary|stable|blue|green|preview|baseline|primary|secondary|v\d+)(-|$)/.test(manifest.name);
}

function* narrow(
  { manifest, title, selector, selectorField }: Service,
  served: readonly Workload[],
  inventory: Inventory,
): Iterable<Problem> {
  const [only] = served;
  if (only === undefined || served.length > 1) return;
  const own = only.manifest.root.at("spec", "selector", "matchLabels").texts();
  for (const [key, value] of Object.entries(selector)) {
    // A label of the workload's own selector stays; that has a rule of its own.
    if (own[key] !== undefined || !isVersion(key, value) || inventory.isLive) continue;
    yield {
      manifest,
      field: selectorField.at(key),
      message: `${title} selects ${key}=${value}, a label of ${only.title} that changes with every release: the next rollout takes away its endpoints one by one, and serves again only when the Service is changed too.`,
      fix: `Take \`${key}\` out of spec.selector.`,
    };
  }
}
