// Images in few letters: what a release is called.

const DIGEST_LETTERS = 7;

/** "shop:v2" of "registry.example.com/team/shop:v2@sha256:…"; a digest alone keeps its first letters. */
export function shortImage(image: string): string {
  const [name = "", digest] = (image.split("/").at(-1) ?? image).split("@");
  if (digest === undefined || name.includes(":")) return name;
  return `${name}@${digest.replace(/^[a-z0-9]+:/, "").slice(0, DIGEST_LETTERS)}`;
}

/** "v2" of "shop:v2", and "latest" of "shop", for those who know which application it is. */
function tagOf(image: string): string {
  const [, tag] = /[:@]([^:@]*)$/.exec(shortImage(image)) ?? [];
  return tag ?? "latest";
}

/** The tags of a revision's images, each once: "v2", or "v2,1.27" where there is a sidecar. */
export function tagsOf(images: readonly string[]): string {
  return [...new Set(images.map(tagOf))].join(",") || "no image";
}
