// What the decision sees: small, plain, frozen projections of the cluster. Pure types: no clock, no client.
// Instants are epoch milliseconds of the cluster's clock (`…At`), durations milliseconds (`…Ms`).
import type { IncidentSpec, IncidentStatus, LastWords } from "../api/incident.ts";
import type { RolloutGuardSpec, RolloutGuardStatus } from "../api/rollout-guard.ts";

/** Everything one decision is made from: one guard, its Deployment, and what belongs to it. */
export interface Snapshot {
  readonly guard: GuardView;
  /** Undefined when the Deployment does not exist. */
  readonly deployment?: DeploymentView | undefined;
  /** The ReplicaSets that the Deployment controls, in no particular order. */
  readonly revisions: readonly RevisionView[];
  /** The pods that those ReplicaSets control. */
  readonly pods: readonly PodView[];
  /** The namespace's Services that could matter: named by the guard, remembered in its status, or selecting a revision's pods. */
  readonly services: readonly ServiceView[];
  /** Warning Events about the Deployment, its ReplicaSets and pods: evidence, never a trigger. */
  readonly events: readonly EventView[];
  /** The Incidents of the Deployment, in no particular order; an earlier guard may have opened them. */
  readonly incidents: readonly IncidentView[];
  /** Incidents that are of no use to the guard and have names that its own cannot have. */
  readonly otherIncidents?: readonly OtherIncident[] | undefined;
  readonly surroundings: Surroundings;
  /** Who may call whom in the namespace; read only when an Incident is opened about a rollout that changed labels. */
  readonly network?: NetworkView | undefined;
  /** What the failing container wrote last; read only when an Incident is opened whose guard asks for it. */
  readonly lastWords?: LastWords | undefined;
}

export interface NetworkView {
  readonly policies: readonly NetworkPolicyView[];
  readonly neighbours: readonly NeighbourView[];
}

export interface GuardView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly createdAt: number;
  /** The spec with its defaults, or what is wrong with it in a sentence. */
  readonly spec: { readonly valid: RolloutGuardSpec } | { readonly invalid: string };
  readonly status: RolloutGuardStatus;
  /** Somebody wrote into the status what RolloutGuard never writes; it is not in `status`, and has to go. */
  readonly isStatusSpoiled?: boolean | undefined;
  /** The name of an older guard of the same Deployment, which has precedence. */
  readonly olderGuard?: string | undefined;
}

/** What the decision knows of the rest of the cluster. */
export interface Surroundings {
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
  /** Other guarded Deployments that are not in a rollout, and how many of them are unavailable at this moment. */
  readonly settledDeployments: number;
  readonly settledUnavailable: number;
  /** How late the kubelets of the pods' nodes have told things lately; undefined when in time. */
  readonly reportLagMs?: number | undefined;
}

export interface DeploymentView {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly isPaused: boolean;
  readonly strategy: "RollingUpdate" | "Recreate";
  readonly minReadySeconds: number;
  readonly progressDeadlineSeconds: number;
  /** spec.replicas */
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  /** Identity of the pod template; equal to that of the ReplicaSet made from it. */
  readonly templateKey: string;
  /** The value of the veto annotation, on the Deployment or its pod template. */
  readonly veto?: string | undefined;
  /** The last rollback that RolloutGuard made: for which Incident and when, written by the patch itself. */
  readonly rolledBack?: { readonly incident: string; readonly at: number } | undefined;
  readonly conditions: readonly ConditionView[];
}

/** A condition of a Deployment or ReplicaSet. */
export interface ConditionView {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly transitionAt: number;
  /** lastUpdateTime where the object has one (Deployments), else the transition. */
  readonly updatedAt: number;
}

/** A ReplicaSet of the Deployment. */
export interface RevisionView {
  /** Its pod-template-hash. */
  readonly hash: string;
  readonly name: string;
  readonly uid: string;
  /** The number in its revision annotation; 0 when it has none. */
  readonly revision: number;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly templateKey: string;
  /** Identity of the template without `kubectl.kubernetes.io/restartedAt`: equal keys differ at most by a restart. */
  readonly contentKey: string;
  readonly template: TemplateView;
  readonly changeCause?: string | undefined;
  readonly conditions: readonly ConditionView[];
}

/** What the decision needs of a pod template. Never a value of an environment variable. */
export interface TemplateView {
  /** Without pod-template-hash. */
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerTemplateView[];
  readonly hasReadinessGates: boolean;
  /** Identity of what scheduling depends on: requests, node selector, affinity, tolerations, spread, priority, host ports. */
  readonly schedulingKey: string;
  /** Secrets, ConfigMaps, claims and service accounts that it refers to, as "Secret/name". */
  readonly references: readonly string[];
  /** Its volumes and what they hold, as "settings: ConfigMap/web". */
  readonly volumes: readonly string[];
  /** Prints of its annotations by name, `kubectl rollout restart`'s left out, and of fields of which nothing else is kept. */
  readonly annotations: Prints;
  readonly otherFields: Prints;
}

/** By name, a number that changes when the content does. It tells nothing of the content, and is another one in every process. */
export type Prints = Readonly<Record<string, number>>;

export type ContainerKind = "app" | "init" | "sidecar";

export interface ContainerTemplateView {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly image: string;
  readonly ports: readonly { readonly name?: string | undefined; readonly port: number }[];
  readonly readiness?: ProbeView | undefined;
  readonly liveness?: ProbeView | undefined;
  readonly startup?: ProbeView | undefined;
  readonly env: readonly EnvVariableView[];
  /** Secrets and ConfigMaps of which all keys become variables, as "Secret/name". */
  readonly envFrom: readonly string[];
  /** Identity of command and args. */
  readonly commandKey: string;
  /** Volumes and where they are mounted, as "settings at /etc/web". */
  readonly mounts: readonly string[];
  /** Prints of its fields of which nothing else is kept. */
  readonly otherFields: Prints;
  /** Requests and limits as written, "limits.memory=64Mi" and so on, sorted. */
  readonly resources: readonly string[];
}

/** An environment variable. Its value is never kept. */
export interface EnvVariableView {
  readonly name: string;
  /** Where the value comes from, as "Secret/database key url"; undefined for one that is given by value. */
  readonly source?: string | undefined;
  /** Changes when the value or its source does; see {@link Prints}. */
  readonly print: number;
}

/** How a probe asks. */
export type ProbeKind = "http" | "https" | "tcp" | "grpc" | "exec";

export interface ProbeView {
  readonly kind: ProbeKind;
  /** The port's number, of a named one that of the container; undefined for one that has none, and for `exec`. */
  readonly port?: number | undefined;
  /** The port's name, where it is asked by name. */
  readonly portName?: string | undefined;
  /** The path of an HTTP probe. */
  readonly path?: string | undefined;
  /** What is asked, in one line: "GET http :8080/healthz", "TCP :5432", "exec", "gRPC :9000". */
  readonly target: string;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly failureThreshold: number;
  readonly successThreshold: number;
}

export interface PodView {
  readonly name: string;
  readonly uid: string;
  /** The uid of the ReplicaSet that controls it. */
  readonly revisionUid: string;
  /** The name of its node, once it has one. */
  readonly node?: string | undefined;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly phase: string;
  /** status.reason: Evicted, NodeLost, … */
  readonly reason?: string | undefined;
  /** Reason of a DisruptionTarget condition that is True. */
  readonly disruption?: string | undefined;
  readonly isReady: boolean;
  /** When the Ready condition last changed; the creation when it never did. */
  readonly readyChangedAt: number;
  readonly readyReason?: string | undefined;
  /**
   * Since when the kubelet calls all containers ready, undefined while it does not. With isReady false it is node trouble
   * or a readiness gate. A lost node and its return change only the Ready condition.
   */
  readonly containersReadyAt?: number | undefined;
  readonly scheduled: {
    readonly ok: boolean;
    readonly at: number;
    readonly reason?: string | undefined;
    readonly message?: string | undefined;
  };
  /** When init containers were done; undefined while they are not. */
  readonly initializedAt?: number | undefined;
  readonly containers: readonly ContainerView[];
  /** Trouble in starting a container that lasts across the flicker of waiting reasons, and since when it was observed. */
  readonly startTrouble?: { readonly kind: StartTroubleKind; readonly sinceAt: number } | undefined;
}

export type StartTroubleKind = "image" | "config";

export interface ContainerView {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly isReady: boolean;
  readonly isStarted: boolean;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly last?: TerminatedState | undefined;
}

export type ContainerState =
  | { readonly is: "waiting"; readonly reason: string; readonly message: string }
  | { readonly is: "running"; readonly startedAt: number }
  | TerminatedState;

export interface TerminatedState {
  readonly is: "terminated";
  readonly reason: string;
  readonly exitCode: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The container's termination message, when it wrote one. */
  readonly message: string;
}

export interface ServiceView {
  readonly name: string;
  /** Empty for a Service without selector. */
  readonly selector: Readonly<Record<string, string>>;
  readonly isExternalName: boolean;
  readonly ports: readonly ServicePortView[];
  /** Endpoints that get traffic: ready (serving, where not-ready addresses are published), not terminating, with a port. */
  readonly readyEndpoints: number;
  /** Since when the operator has seen it without any; undefined while it has some. */
  readonly emptySinceAt?: number | undefined;
  /** True when the operator itself saw the last endpoint go; otherwise it had none when it was first seen. */
  readonly sawLoss?: boolean | undefined;
}

export interface ServicePortView {
  readonly port: number;
  /** The number, or the name that a container gives to one of its ports. */
  readonly targetPort: number | string;
}

/** A NetworkPolicy, as far as it decides who may call pods of its own namespace. */
export interface NetworkPolicyView {
  readonly name: string;
  /** The pods that it is about. */
  readonly pods: LabelSelectorView;
  readonly restrictsIngress: boolean;
  readonly ingress: readonly IngressRuleView[];
}

/** One rule of a NetworkPolicy: who may call. */
export interface IngressRuleView {
  /** Empty: everybody. */
  readonly from: readonly NetworkPeerView[];
}

/** Pods of the policy's own namespace by their labels; anything else (other namespaces, addresses) is only known to be there. */
export type NetworkPeerView = { readonly pods: LabelSelectorView } | { readonly elsewhere: true };

/** A Kubernetes label selector; an empty one selects everything. */
export interface LabelSelectorView {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

/** Another workload of the namespace that has pods now. */
export interface NeighbourView {
  /** The Deployment's name. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether its environment or arguments name a Service of the guarded Deployment. */
  readonly namesService?: string | undefined;
}

export interface EventView {
  readonly involved: { readonly kind: string; readonly name: string; readonly uid: string };
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastAt: number;
}

export interface IncidentView {
  readonly name: string;
  readonly uid: string;
  readonly spec: IncidentSpec;
  readonly status?: IncidentStatus | undefined;
}

/** An Incident about another Deployment, or one that cannot be read. */
export interface OtherIncident {
  readonly name: string;
  /** Why it cannot be read, when it is about this Deployment. */
  readonly problem?: string | undefined;
}
