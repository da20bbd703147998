// What a case of the contract is: one rule about clusters, played in namespaces of its own.
import { APPLICATION_REPOSITORY, MISSING_IMAGE } from "../../hack/application/image-names.ts";
import type { Site } from "./site.ts";

export interface ContractCase {
  /** The rule, as a sentence that begins with its subject. */
  readonly title: string;
  /**
   * Needs a node whose kubelet runs containers. Without it something must at least make pods ready, but for those
   * with HEALTH=500: a script that plays a node does.
   */
  readonly needsKubelet?: boolean;
  /** Rejects when the cluster does not keep to the rule. */
  readonly play: (site: Site) => Promise<void>;
}

/** The images that the cases run: one that is there under any of its tags, and one that cannot be pulled. */
export const IMAGES = {
  application: (tag: string) => `${APPLICATION_REPOSITORY}:${tag}`,
  missing: MISSING_IMAGE,
};
