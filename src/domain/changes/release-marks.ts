// Labels and annotations of a pod template that only say which release it is, or who made it. Pure.
// The same release can come back with other ones: a chart of a new version, a pipeline that runs again.
import { isRestartMark } from "./restart-marks.ts";

/** Helm's and Kubernetes' recommended labels, what GitOps tools and `kubectl --record` write, and names that pipelines use. */
const MARKS: readonly RegExp[] = [
  /^helm\.sh\/chart$|^(?:chart|heritage)$/,
  /^app\.kubernetes\.io\/(?:version|managed-by)$/,
  /^kubernetes\.io\/change-cause$/,
  /^(?:meta\.helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io|helm\.toolkit\.fluxcd\.io)\//,
  /(?:^|[/.\-_])(?:commit(?:[-_]?(?:sha|hash|id))?|git[-_]?(?:sha|commit|hash|ref|branch))$/i,
  /(?:^|[/.\-_])(?:build|pipeline|job|run|deploy(?:ment)?)[-_]?(?:id|number|url)$/i,
  /(?:^|[/.\-_])(?:deployed|released|triggered|updated|changed)[-_]?by$/i,
];

/** Whether a label or an annotation of that name changes nothing about how pods run. */
export function isReleaseMark(name: string): boolean {
  return isRestartMark(name) || MARKS.some((pattern) => pattern.test(name));
}
