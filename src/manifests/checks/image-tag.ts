// Does the image's name say which version runs?
import type { StaticCheck } from "../finding.ts";

export const imageTag: StaticCheck = {
  id: "image-tag",
  severity: "warning",
  meaning: "An image has no tag, or the tag latest: nobody can say what runs, and going back brings the same",
  advice:
    "With a moving tag pods of one revision run different programs, and going back to the earlier revision brings the same image again.",
  *run(inventory) {
    for (const { manifest, title, containers } of inventory.workloads) {
      for (const container of containers) {
        const image = container.field.at("image");
        if (!image.text || isPinned(image.text)) continue;
        const tag = tagOf(image.text);
        const pull = container.field.at("imagePullPolicy").text;
        const nodes =
          pull === "Never" || pull === "IfNotPresent"
            ? `with imagePullPolicy ${pull} each node keeps the one that it has`
            : "each node pulls whatever is newest when it starts a pod";
        yield {
          manifest,
          field: image,
          message: `Container ${container.name} of ${title} runs ${image.text} ${tag ? "with the tag latest" : "without a tag"}: ${nodes}, and a rollback changes nothing.`,
          fix: "Write the version, such as `:1.4.2`, or a digest.",
        };
      }
    }
  },
};

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
