// The number of a revision, which the Deployment controller writes on the Deployment and on its ReplicaSets.
const REVISION = "deployment.kubernetes.io/revision";

/** The number in the annotation; undefined where there is none that can be read. */
export function revisionNumber(annotations: Readonly<Record<string, string>>): number | undefined {
  const text = annotations[REVISION];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
