// Does the image's name say which version runs?
import type { LintRule } from "../finding.ts";
import { type Container, isRolledOut } from "../workload.ts";

export const imageTag: LintRule = {
  id: "image-tag",
  severity: "warning",
  meaning:
    "An image has no tag, or the tag latest: it is unclear what runs, and a rollback pulls the same image",
  advice:
    "With a moving tag, pods of one revision run different programs, and a rollback to the earlier revision pulls the same image again. It is information for Pods, Jobs and others that are not rolled out.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const { manifest, title, containers } = workload;
      const moving = containers.filter(
        ({ field }) => field.at("image").text && !isPinned(field.at("image").shown),
      );
      const [first] = moving;
      if (first === undefined) continue;
      const others = moving.slice(1).map(({ name, field }) => `${name} (${field.at("image").shown})`);
      const image = first.field.at("image");
      yield {
        manifest,
        field: image,
        ...(!isRolledOut(workload) && { severity: "info" as const }),
        message: `Container ${first.name} of ${title} runs ${image.shown} ${tagOf(image.shown) ? "with the tag latest" : "without a tag"}: ${pullText(first)}, and a rollback changes nothing.${others.length > 0 ? ` So ${others.length === 1 ? "does" : "do"} ${others.join(", ")}.` : ""}`,
        fix: "Write the version, such as `:1.4.2`, or a digest.",
      };
    }
  },
};

function pullText({ field }: Container): string {
  const pull = field.at("imagePullPolicy").text;
  return pull === "Never" || pull === "IfNotPresent"
    ? `with imagePullPolicy ${pull} each node keeps the one that it has`
    : "each node pulls whatever is newest when it starts a pod";
}

function isPinned(image: string): boolean {
  const tag = tagOf(image);
  return image.includes("@") || (tag !== undefined && tag !== "latest") || isPlaceholder(image);
}

/** What other tools put in: Istio's `auto`, variables of templates. */
function isPlaceholder(image: string): boolean {
  return image === "auto" || /[$%{<]/.test(image);
}

function tagOf(image: string): string | undefined {
  const name = image.slice(image.lastIndexOf("/") + 1);
  const colon = name.indexOf(":");
  return colon < 0 ? undefined : name.slice(colon + 1);
}
