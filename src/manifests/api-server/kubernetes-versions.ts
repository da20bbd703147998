// The versions of Kubernetes whose schemas travel with RolloutGuard; `npm run schemas` writes those.

/** The newest first, such as "1.36". */
export const KUBERNETES_VERSIONS: readonly string[] = ["1.36", "1.35", "1.34"];
