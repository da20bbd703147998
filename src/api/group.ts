// The API group, its kinds, and every label, annotation and finalizer-like marker RolloutGuard owns.

export const GROUP = "rolloutguard.io";
export const VERSION = "v1alpha1";
export const API_VERSION = `${GROUP}/${VERSION}`;

export const ROLLOUT_GUARD_KIND = "RolloutGuard";
export const ROLLOUT_GUARD_PLURAL = "rolloutguards";
export const INCIDENT_KIND = "Incident";
export const INCIDENT_PLURAL = "incidents";

/** Annotations on Deployments. A person sets the veto; the operator sets the others with its rollback. */
export const ANNOTATIONS = {
  /** Set by a person on the Deployment or its pod template: "do not roll this release back", the value is the reason. */
  veto: `${GROUP}/veto`,
  /** The Incident that explains the rollback. */
  incident: `${GROUP}/incident`,
  /** The template hash that was rolled back from. */
  rolledBackFrom: `${GROUP}/rolled-back-from`,
  /** When the rollback was sent, RFC 3339. */
  rolledBackAt: `${GROUP}/rolled-back-at`,
  /** The generation that the rollback made. */
  rolledBackGeneration: `${GROUP}/rolled-back-generation`,
  /** When the rollbacks of the last hour were sent, RFC 3339, with commas between them. */
  rollbackTimes: `${GROUP}/rollback-times`,
  /** The Incident for which the operator paused the Deployment: a pause without it is a person's. */
  pausedFor: `${GROUP}/paused-for-incident`,
  /** The template hash of the rollout that the operator paused because it is suspicious. */
  frozenRevision: `${GROUP}/paused-for-revision`,
} as const;

/** The names under which managedFields show what the operator and its command line have written. */
export const FIELD_MANAGERS: ReadonlySet<string> = new Set(["rolloutguard", "kubectl-rolloutguard"]);

/** Labels on Incidents, for `kubectl get incidents -l`. */
export const LABELS = {
  guard: `${GROUP}/guard`,
  target: `${GROUP}/target`,
} as const;
