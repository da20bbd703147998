// Which images can be pulled, and what environment they bring: the registry and the node's store in one.

export interface SimulatedImage {
  /** Whether a pull fails. */
  readonly isMissing?: boolean | undefined;
  /** What the image sets, as ENV in its Dockerfile; the pod's own variables win. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Registries that do not exist (RFC 2606 sees to it): nothing can be pulled from them. */
const MISSING_REGISTRY = /^[\w.-]+\.invalid\//;

export class Images {
  readonly #known = new Map<string, SimulatedImage>();

  /** Says what an image is; the pods that run already are not touched. */
  set(image: string, properties: SimulatedImage): void {
    this.#known.set(image, properties);
  }

  isMissing(image: string): boolean {
    return this.#known.get(image)?.isMissing ?? MISSING_REGISTRY.test(image);
  }

  envOf(image: string): Readonly<Record<string, string>> {
    return this.#known.get(image)?.env ?? {};
  }
}

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

/** What containerd says of a pull that cannot reach the registry. */
export function pullError(image: string): string {
  const full = fullImageName(image);
  const [registry = "", ...rest] = full.split("/");
  const [repository = "", tag = "latest"] = rest.join("/").split(/:(?=[^/]*$)/);
  const host = registry === "docker.io" ? "registry-1.docker.io" : registry;
  return (
    `failed to pull and unpack image "${full}": failed to resolve image: failed to do request: ` +
    `Head "https://${host}/v2/${repository}/manifests/${tag}": dial tcp: lookup ${host} on 10.255.255.53:53: ` +
    "dial udp 10.255.255.53:53: connect: network is unreachable"
  );
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
