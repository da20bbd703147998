// Every reason a user may see, with what it means. The same word goes to conditions, Incidents, Events, logs and metrics.
import { kebabCase } from "./kebab-case.ts";

/** Why a rollout is judged to fail: the reason of a finding and the headline of an Incident. */
export const FINDING_REASONS = {
  CrashLooping: "Containers of the new revision exit again and again.",
  OutOfMemory:
    "Containers of the new revision are killed for using more memory than their limit, again and again.",
  InitContainerFailing:
    "An init container of the new revision fails again and again, so the application never starts.",
  ImagePullFailing: "The image of the new revision cannot be pulled.",
  ContainerConfigError:
    "Containers of the new revision cannot be created: a Secret, ConfigMap, key, volume or command is missing.",
  CreateFailed:
    "The pods of the new revision are refused by the API server: quota, admission, security policy or service account.",
  PodRejected: "Nodes reject every pod of the new revision for what its pod template asks.",
  Unschedulable: "No node takes the pods of the new revision.",
  NotReady: "Pods of the new revision run and do not become ready in the time that they may take.",
  EmptyEndpoints: "Pods of the new revision are ready, and a Service that they should serve has no endpoint.",
  ProgressDeadlineExceeded:
    "Kubernetes itself reports that the rollout made no progress for progressDeadlineSeconds.",
  Degraded: "The rollout completed, then its pods stopped being ready within the bake time.",
  KnownBad: "The release was rolled back before, and was put back unchanged.",
} as const;
export type FindingReason = keyof typeof FINDING_REASONS;

/** Why an Incident was opened although no check says that anything fails. */
export const REQUEST_REASONS = {
  ManualRollback: "A person asked for the rollback; no check had found a fault.",
} as const;
export type RequestReason = keyof typeof REQUEST_REASONS;

/** The headline of an Incident. */
export type IncidentReason = FindingReason | RequestReason;

/** Why a right action is not taken now: the reason of a brake. */
export const BRAKE_REASONS = {
  ObserveMode: "The guard, or the whole operator, only observes.",
  ManagedByOwner: "Another object controls the Deployment, and would undo a rollback.",
  DeploymentPaused: "The Deployment is paused; Kubernetes would not act on a rollback.",
  NoGoodRevision: "There is no earlier revision that is known to have worked.",
  TargetQuarantined: "The only revision to go back to is known to be bad.",
  ReappliedAgain: "The same bad revision was rolled back twice, and is applied again.",
  SafetyStop: "RolloutGuard stopped itself: it sent more rollbacks within an hour than any rule allows.",
  RollbackLimitReached: "The guard already rolled back as often as its limits allow in the window.",
  Cooldown: "The guard rolled back a short while ago.",
  Refused: "The API server refuses the rollback; RolloutGuard sends it again from time to time.",
  NewerRollout: "A newer rollout has begun; it is judged on its own.",
  WouldNotHelp:
    "Going back would not help: the revision to restore fails the same way, or the cause lies outside the release.",
  InitContainerRunning:
    "An init container of the new revision is running and has not failed; a rollback would kill it half-way.",
  Veto: "A person put a veto on rolling this release back.",
  SignsGone: "The signs of trouble are gone; the rollout is watched until it has baked.",
} as const;
export type BrakeReason = keyof typeof BRAKE_REASONS;

/** What a guard says when nothing fails, or while it acts. */
export const STATE_REASONS = {
  Watching: "The guard is valid, its Deployment is there, and it is watched.",
  RolloutGood: "The running revision was fully available through its bake time.",
  RolloutProgressing: "A rollout is in progress and shows no sign of failure that has lasted.",
  RolloutBaking: "The rollout completed and stays watched through the bake time.",
  ScaledToZero: "The Deployment wants no pods; there is nothing to judge.",
  Paused: "The Deployment is paused in the middle of a rollout.",
  BeforeGuard:
    "The rollout ended before the guard was made; it is not judged, and its revision is not known to be good.",
  ReadinessProbed: "A readiness probe says whether the pods of the running revision can serve.",
  NoReadinessProbe:
    "No container of the running revision has a readiness probe: Kubernetes calls its pods ready as soon as they run, so that Running says nothing of working.",
  TargetNotFound: "The Deployment that the guard names does not exist.",
  CannotRead:
    "RolloutGuard cannot read something that the guard needs; what it decides from that waits until it can.",
  InvalidSpec: "The guard's spec is not valid; its message says what to write instead.",
  DuplicateGuard: "An older guard already guards the same Deployment.",
  RollingBack: "The last good revision is being restored.",
  Verifying: "The rollback was sent; the operator waits for service to be restored.",
  Recovered: "Service is restored.",
  NotRecovered: "The rollback was sent, and service did not come back.",
  Superseded: "A newer rollout started before the Incident ended.",
} as const;
export type StateReason = keyof typeof STATE_REASONS;

/** Any reason that a user may see. */
export type Reason = IncidentReason | BrakeReason | StateReason;

/** The page about a reason, below `DOCUMENTATION_BASE`: "reasons/not-ready.md". */
export function reasonPage(reason: Reason): string {
  return `reasons/${kebabCase(reason)}.md`;
}
