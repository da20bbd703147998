// Every reason a user may see, with what it means. The same word goes to conditions, Incidents, Events, logs and metrics.
import { kebabCase } from "./kebab-case.ts";

/** Why a rollout fails: the reason of a finding and the headline of an Incident. */
export const FINDING_REASONS = {
  CrashLooping: "Containers of the new revision keep exiting.",
  OutOfMemory: "Containers of the new revision keep running out of memory (OOMKilled).",
  InitContainerFailing:
    "An init container of the new revision keeps failing, so the application never starts.",
  ImagePullFailing: "The image of the new revision cannot be pulled.",
  ContainerConfigError:
    "Containers of the new revision cannot be created: a Secret, ConfigMap, key, volume or command is missing.",
  CreateFailed:
    "The API server rejects the pods of the new revision: quota, admission, Pod Security or ServiceAccount.",
  PodRejected: "Nodes reject every pod of the new revision because of its pod template.",
  Unschedulable: "The pods of the new revision cannot be scheduled.",
  NotReady: "Pods of the new revision are running but do not become ready in time.",
  EmptyEndpoints:
    "Pods of the new revision are ready, but a Service that should select them has no endpoints.",
  ProgressDeadlineExceeded:
    "Kubernetes reports that the rollout made no progress within progressDeadlineSeconds.",
  Degraded: "The rollout completed, but its pods stopped being ready during the bake time.",
  MetricsWorse:
    "Metrics of the new pods are worse than those of the old pods, or beyond a limit of the guard.",
  HttpFailing: "Pods of the new revision are ready, but they do not answer requests as expected.",
  AnswersSlow: "Pods of the new revision are ready, but they answer too slowly.",
  KnownBad: "The release was rolled back before and was applied again unchanged.",
} as const;
export type FindingReason = keyof typeof FINDING_REASONS;

/** Why an Incident was opened although no check fails. */
export const REQUEST_REASONS = {
  ManualRollback: "A person requested the rollback; no check was failing.",
} as const;
export type RequestReason = keyof typeof REQUEST_REASONS;

/** The headline of an Incident. */
export type IncidentReason = FindingReason | RequestReason;

/** Why RolloutGuard does not act now: the reason of a brake. */
export const BRAKE_REASONS = {
  ObserveMode: "The guard or the whole operator is in observe mode.",
  ManagedByOwner: "Another object controls the Deployment and would undo a rollback.",
  DeploymentPaused: "The Deployment is paused, so Kubernetes would not carry out a rollback.",
  NoGoodRevision: "No earlier revision is known to have worked.",
  TargetQuarantined: "The only revision to roll back to is known to be bad.",
  ReappliedAgain: "The same bad revision was rolled back twice and was applied again.",
  SafetyStop: "RolloutGuard stopped itself: it sent more rollbacks within an hour than its limits allow.",
  RollbackLimitReached: "The guard has reached its maximum number of rollbacks in the window.",
  Cooldown: "The guard rolled back recently.",
  Refused: "The API server refuses the rollback, a pause or its end; RolloutGuard retries it.",
  NewerRollout: "A newer rollout has started; RolloutGuard checks it separately.",
  WouldNotHelp:
    "A rollback would not help: the revision to restore fails in the same way, or the cause is outside the release.",
  InitContainerRunning:
    "An init container of the new revision is running and has not failed; a rollback would kill it before it completes.",
  Veto: "A person set a veto on rolling back this release.",
  SignsGone: "No check fails any more; RolloutGuard watches the rollout until its bake time ends.",
} as const;
export type BrakeReason = keyof typeof BRAKE_REASONS;

/** What a guard reports when nothing fails, or while it acts. */
export const STATE_REASONS = {
  Watching: "The guard is valid and is watching its Deployment.",
  RolloutGood: "The running revision was fully available during its whole bake time.",
  RolloutProgressing: "A rollout is in progress, and no check fails.",
  RolloutBaking: "The rollout is complete; RolloutGuard watches it during the bake time.",
  ScaledToZero: "The Deployment is scaled to zero; there is nothing to check.",
  Paused: "The Deployment is paused during a rollout.",
  Frozen:
    "RolloutGuard paused the Deployment because the rollout is suspicious, and decides whether to roll back or to resume it.",
  Resumed: "RolloutGuard resumed the Deployment that it had paused.",
  BeforeGuard:
    "The rollout ended before the guard was created. RolloutGuard does not check it and does not know whether its revision is good.",
  ReadinessProbed: "A readiness probe checks whether the pods of the running revision can serve.",
  NoReadinessProbe:
    "No container of the running revision has a readiness probe, so Kubernetes reports its pods as ready as soon as they run, working or not.",
  ChecksAnswered: "The metric or HTTP checks of the guard can measure.",
  CannotAsk: "A metric source or the pods cannot be asked; the checks decide nothing until they answer.",
  NoSeries: "A metric check finds no series of the pods that run.",
  CheckInvalid: "A metric check is not written correctly; the message says what to write.",
  TargetNotFound: "The Deployment that the guard targets does not exist.",
  CannotRead:
    "RolloutGuard cannot read something that the guard needs, and makes no decision that depends on it.",
  InvalidSpec: "The spec of the guard is not valid; the message says what to write instead.",
  DuplicateGuard: "An older guard already targets the same Deployment.",
  RollingBack: "RolloutGuard is restoring the last good revision.",
  Verifying: "The rollback was sent; RolloutGuard is waiting for service to recover.",
  Recovered: "Service has recovered.",
  NotRecovered: "The rollback was sent, but service did not recover.",
  Superseded: "A newer rollout started before the Incident ended.",
} as const;
export type StateReason = keyof typeof STATE_REASONS;

/** Any reason that a user may see. */
export type Reason = IncidentReason | BrakeReason | StateReason;

/** The page about a reason, below `DOCUMENTATION_BASE`: "reasons/not-ready.md". */
export function reasonPage(reason: Reason): string {
  return `reasons/${kebabCase(reason)}.md`;
}
