// Which images can be pulled, and what environment they bring: the registry and the node's store in one.
import { fullImageName, imageDigest } from "../image-name.ts";

export interface SimulatedImage {
  /** Whether a pull fails for good. */
  readonly isMissing?: boolean | undefined;
  /** Whether all nodes have it from the start. Default: yes; otherwise a node has it when it has pulled it. */
  readonly isOnNodes?: boolean | undefined;
  /** What was pushed under the name: another build has another digest. */
  readonly build?: string | undefined;
  /** What the image sets, as ENV in its Dockerfile; the pod's own variables win. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** What a node has of an image: what was true of it when it was pulled last, and since when it has any of that name. */
interface Pulled {
  readonly image: SimulatedImage;
  /** Epoch ms. */
  readonly at: number;
}

/** Registries that do not exist (RFC 2606 sees to it): nothing can be pulled from them. */
const MISSING_REGISTRY = /^[\w.-]+\.invalid\//;

export class Images {
  readonly #known = new Map<string, SimulatedImage>();
  /** By node and image. */
  readonly #pulled = new Map<string, Pulled>();

  /** Says what an image is in its registry; what nodes have of it and the pods that run stay as they are. */
  set(image: string, properties: SimulatedImage): void {
    this.#known.set(image, properties);
  }

  isMissing(image: string): boolean {
    return this.#known.get(image)?.isMissing ?? MISSING_REGISTRY.test(image);
  }

  /** When the node has or had the image (epoch ms): the end of its pull, which can be in the future. */
  onNodeAt(image: string, node: string): number | undefined {
    const pulledAt = this.#pulled.get(keyOf(image, node))?.at;
    return pulledAt ?? (this.#known.get(image)?.isOnNodes === false ? undefined : 0);
  }

  /** The node has what the registry has now, once its pull ends. */
  pull(image: string, node: string, endsAt: number): void {
    const at = Math.min(this.onNodeAt(image, node) ?? endsAt, endsAt);
    this.#pulled.set(keyOf(image, node), { image: this.#known.get(image) ?? {}, at });
  }

  envOf(image: string, node: string): Readonly<Record<string, string>> {
    return this.#onNode(image, node)?.env ?? {};
  }

  /** As `imageID` in the status of a container: with its repository when it came from a registry. */
  idOf(image: string, node: string): string {
    const { build } = this.#onNode(image, node) ?? {};
    const isPulled = build !== undefined || this.#pulled.has(keyOf(image, node));
    if (!isPulled) return `sha256:${imageDigest(image)}`;
    const repository = fullImageName(image).replace(/:[^/:]*$/, "");
    return `${repository}@sha256:${imageDigest(build === undefined ? image : `${image} ${build}`)}`;
  }

  #onNode(image: string, node: string): SimulatedImage | undefined {
    return this.#pulled.get(keyOf(image, node))?.image ?? this.#known.get(image);
  }
}

function keyOf(image: string, node: string): string {
  return `${node} ${image}`;
}
