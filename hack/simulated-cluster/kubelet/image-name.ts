// Names of images: the full one, its digest, and what is wrong with one that is none.

/** "app:1" as containerd names it: "docker.io/library/app:1". */
export function fullImageName(image: string): string {
  const tagged = /:[^/]+$/.test(image) || image.includes("@") ? image : `${image}:latest`;
  const [first = ""] = tagged.split("/");
  const hasRegistry = tagged.includes("/") && (/[.:]/.test(first) || first === "localhost");
  if (hasRegistry) return tagged;
  return tagged.includes("/") ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
}

const digests = new Map<string, string>();

/** A stable digest for an image name: 64 hexadecimal digits. */
export function imageDigest(image: string): string {
  let digest = digests.get(image);
  if (digest === undefined) {
    digest = computeDigest(image);
    digests.set(image, digest);
  }
  return digest;
}

function computeDigest(image: string): string {
  let text = "";
  for (let i = 0; text.length < 64; i++) {
    let hash = i + 1;
    for (let k = 0; k < image.length; k++) hash = (Math.imul(hash, 31) + image.charCodeAt(k)) >>> 0;
    text += hash.toString(16).padStart(8, "0");
  }
  return text.slice(0, 64);
}

const NAME = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const HOST = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/";
const REFERENCE = new RegExp(
  `^(?:${HOST})?${NAME}(?:/${NAME})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-fA-F]{32,})?$`,
);

/** Why a text is not the name of an image, or undefined when it is. */
export function invalidReference(image: string): string | undefined {
  if (REFERENCE.test(image)) return undefined;
  const [, repository = ""] = /^(.*?)(?::[^/]*)?$/.exec(image) ?? [];
  // Case is looked at before anything else.
  if (repository !== repository.toLowerCase()) {
    const full = repository.includes("/") ? repository : `library/${repository}`;
    return `invalid reference format: repository name (${full}) must be lowercase`;
  }
  return "invalid reference format";
}
