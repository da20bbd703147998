// Which pods a query is about: their names as a pattern, and which side a name belongs to.
import type { SampledPods } from "../../domain/snapshot/question.ts";

/** More names make a query too long; then the names of the ReplicaSets stand for those of their pods. */
const MOST_NAMES = 60;
/** The API server cuts the name that a ReplicaSet gives its pods to so many characters, and adds five. */
const NAME_BASE = 58;
const SUFFIX = "[a-z0-9]{5}";
/** A pattern that is the name of no pod; an empty one would match series without the label. */
const NO_POD = "-";

/** A regular expression, anchored by PromQL, for the pods of all sides. */
export function podPattern(sides: readonly (SampledPods | undefined)[]): string {
  const asked = sides.filter((side) => side !== undefined);
  const names = asked.flatMap(({ pods }) => pods.map(({ name }) => name));
  const isListed = names.length <= MOST_NAMES && asked.every(({ pods }) => pods.length > 0);
  const parts = isListed ? names.map(escaped) : asked.map(replicaSetPattern);
  return parts.length === 0 ? NO_POD : parts.join("|");
}

/** Whether the pod is one of those that the side asks about. */
export function isOfSide({ pods, replicaSet }: SampledPods, pod: string): boolean {
  if (pods.length > 0) return pods.some(({ name }) => name === pod);
  return new RegExp(`^${replicaSetPattern({ replicaSet })}$`).test(pod);
}

function replicaSetPattern({ replicaSet }: Pick<SampledPods, "replicaSet">): string {
  return escaped(`${replicaSet}-`.slice(0, NAME_BASE)) + SUFFIX;
}

/** Names have dots, and no other character that means something; a backslash would have to be escaped once more. */
function escaped(name: string): string {
  return name.replaceAll(".", "[.]");
}
