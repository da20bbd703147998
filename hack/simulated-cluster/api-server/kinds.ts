// The built-in kinds, as far as the simulated controllers and the kubelet read and write them.
import type { KubeObject, Texts } from "./kube-object.ts";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly observedGeneration?: number | undefined;
  readonly lastProbeTime?: null | undefined;
  readonly lastHeartbeatTime?: string | undefined;
  readonly lastUpdateTime?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export interface LabelSelector {
  readonly matchLabels?: Texts | undefined;
  readonly matchExpressions?: readonly LabelRequirement[] | undefined;
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[] | undefined;
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Texts | undefined; readonly annotations?: Texts | undefined };
  readonly spec: PodSpec;
}

export interface Deployment extends KubeObject {
  readonly spec: DeploymentSpec;
  readonly status: DeploymentStatus;
}

export interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly strategy: {
    readonly type: "RollingUpdate" | "Recreate";
    readonly rollingUpdate?: {
      readonly maxUnavailable?: number | string;
      readonly maxSurge?: number | string;
    };
  };
  readonly minReadySeconds?: number | undefined;
  readonly revisionHistoryLimit: number;
  readonly progressDeadlineSeconds: number;
  readonly paused?: boolean | undefined;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number | undefined;
  readonly replicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
}

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number | undefined;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status: ReplicaSetStatus;
}

export interface ReplicaSetStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly terminatingReplicas?: number | undefined;
  readonly observedGeneration?: number | undefined;
  readonly conditions?: readonly Condition[] | undefined;
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: PodStatus;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[] | undefined;
  readonly volumes?: readonly Volume[] | undefined;
  readonly nodeName?: string | undefined;
  readonly nodeSelector?: Texts | undefined;
  readonly restartPolicy?: "Always" | "OnFailure" | "Never" | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
  readonly activeDeadlineSeconds?: number | undefined;
  readonly securityContext?:
    | {
        readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
        readonly [field: string]: unknown;
      }
    | undefined;
  readonly readinessGates?: readonly { readonly conditionType: string }[] | undefined;
  readonly [field: string]: unknown;
}

export interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

/** A Secret or a ConfigMap as files. */
export interface FilesSource {
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
  readonly items?: readonly KeyToPath[] | undefined;
}

export interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string } | undefined;
  readonly emptyDir?: object | undefined;
  readonly secret?: (Omit<FilesSource, "name"> & { readonly secretName?: string }) | undefined;
  readonly configMap?: FilesSource | undefined;
  readonly csi?: { readonly driver: string } | undefined;
  readonly projected?:
    | { readonly sources?: readonly { readonly secret?: FilesSource; readonly configMap?: FilesSource }[] }
    | undefined;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never" | undefined;
  readonly ports?: readonly {
    readonly name?: string;
    readonly containerPort: number;
    readonly protocol?: string;
  }[];
  readonly env?: readonly EnvVar[] | undefined;
  readonly envFrom?: readonly EnvFrom[] | undefined;
  readonly resources?: { readonly requests?: Texts; readonly limits?: Texts } | undefined;
  readonly readinessProbe?: Probe | undefined;
  readonly livenessProbe?: Probe | undefined;
  readonly startupProbe?: Probe | undefined;
  readonly restartPolicy?: "Always" | undefined;
  readonly command?: readonly string[] | undefined;
  readonly lifecycle?:
    | { readonly preStop?: { readonly sleep?: { readonly seconds: number } }; readonly postStart?: unknown }
    | undefined;
  readonly [field: string]: unknown;
}

export interface KeyReference {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean | undefined;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string | undefined;
  readonly valueFrom?:
    | {
        readonly secretKeyRef?: KeyReference;
        readonly configMapKeyRef?: KeyReference;
        readonly fieldRef?: { readonly fieldPath: string };
      }
    | undefined;
}

export interface EnvFrom {
  readonly prefix?: string | undefined;
  readonly secretRef?: { readonly name: string; readonly optional?: boolean } | undefined;
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean } | undefined;
}

export interface Probe {
  readonly httpGet?:
    | {
        readonly path?: string;
        readonly port: number | string;
        readonly scheme?: string;
        readonly host?: string;
      }
    | undefined;
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string } | undefined;
  readonly grpc?: { readonly port: number; readonly service?: string | null } | undefined;
  readonly exec?: { readonly command?: readonly string[] } | undefined;
  readonly initialDelaySeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly periodSeconds?: number | undefined;
  readonly successThreshold?: number | undefined;
  readonly failureThreshold?: number | undefined;
  readonly terminationGracePeriodSeconds?: number | undefined;
}

export interface PodStatus {
  readonly observedGeneration?: number | undefined;
  readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown" | undefined;
  readonly conditions?: readonly Condition[] | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly hostIP?: string | undefined;
  readonly hostIPs?: readonly { readonly ip: string }[] | undefined;
  readonly podIP?: string | undefined;
  readonly podIPs?: readonly { readonly ip: string }[] | undefined;
  readonly startTime?: string | undefined;
  readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
  readonly containerStatuses?: readonly ContainerStatus[] | undefined;
  readonly qosClass?: string | undefined;
  readonly resources?: Readonly<Record<string, never>> | undefined;
}

export interface Terminated {
  readonly exitCode: number;
  readonly reason: string;
  readonly message?: string | undefined;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly containerID?: string | undefined;
}

export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string | undefined } | undefined;
  readonly running?: { readonly startedAt: string } | undefined;
  readonly terminated?: Terminated | undefined;
}

export interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string | undefined;
  readonly started?: boolean | undefined;
}

export interface ServicePort {
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly port: number;
  readonly targetPort?: number | string | undefined;
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly selector?: Texts | undefined;
    readonly ports?: readonly ServicePort[] | undefined;
    readonly type?: string | undefined;
    readonly clusterIP?: string | undefined;
    readonly publishNotReadyAddresses?: boolean | undefined;
  };
}

export interface EndpointPort {
  readonly name?: string | undefined;
  readonly protocol?: string | undefined;
  readonly port: number;
}

export interface TargetReference {
  readonly kind: "Pod";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly conditions: { readonly ready: boolean; readonly serving: boolean; readonly terminating: boolean };
  readonly targetRef: TargetReference;
  readonly hostname?: string | undefined;
  readonly nodeName?: string | undefined;
}

export interface EndpointSlice extends KubeObject {
  readonly addressType: "IPv4";
  readonly endpoints: readonly SliceEndpoint[] | null;
  readonly ports: readonly EndpointPort[] | null;
}

export interface EndpointAddress {
  readonly ip: string;
  readonly nodeName?: string | undefined;
  readonly targetRef: TargetReference;
}

export interface EndpointSubset {
  readonly addresses?: readonly EndpointAddress[] | undefined;
  readonly notReadyAddresses?: readonly EndpointAddress[] | undefined;
  readonly ports?: readonly EndpointPort[] | undefined;
}

export interface Endpoints extends KubeObject {
  readonly subsets?: readonly EndpointSubset[] | undefined;
}

export interface Taint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly timeAdded?: string | undefined;
}

export interface Toleration {
  /** Missing or empty: any. */
  readonly key?: string | undefined;
  readonly operator?: "Exists" | "Equal" | undefined;
  readonly value?: string | undefined;
  /** Missing or empty: any. */
  readonly effect?: string | undefined;
  readonly tolerationSeconds?: number | undefined;
}

export interface Node extends KubeObject {
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] | undefined };
  readonly status: {
    readonly nodeInfo?: Texts;
    readonly conditions?: readonly Condition[];
    readonly capacity?: Texts;
    readonly allocatable?: Texts;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}

export interface InvolvedObject {
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid: string;
  readonly apiVersion: string;
  readonly resourceVersion: string;
  readonly fieldPath?: string | undefined;
}

export interface CoreEvent extends KubeObject {
  readonly involvedObject: InvolvedObject;
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component?: string; readonly host?: string };
  readonly firstTimestamp: string | null;
  readonly lastTimestamp: string | null;
  readonly count?: number | undefined;
  readonly type: "Normal" | "Warning";
  readonly eventTime: string | null;
  readonly action?: string | undefined;
  readonly reportingComponent: string;
  readonly reportingInstance: string;
}

/** A Secret or ConfigMap. */
export interface DataObject extends KubeObject {
  readonly data?: Texts | undefined;
}

export interface ResourceQuota extends KubeObject {
  readonly spec: { readonly hard?: Texts | undefined };
  readonly status: { readonly hard?: Texts | undefined; readonly used?: Texts | undefined };
}

export interface LimitRangeItem {
  readonly type: string;
  readonly max?: Texts | undefined;
  readonly min?: Texts | undefined;
  readonly default?: Texts | undefined;
  readonly defaultRequest?: Texts | undefined;
}

export interface LimitRange extends KubeObject {
  readonly spec: { readonly limits: readonly LimitRangeItem[] };
}

export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly selector?: LabelSelector | undefined;
    readonly minAvailable?: number | string | undefined;
    readonly maxUnavailable?: number | string | undefined;
  };
  readonly status: {
    readonly currentHealthy?: number | undefined;
    readonly desiredHealthy?: number | undefined;
    readonly disruptionsAllowed?: number | undefined;
    readonly expectedPods?: number | undefined;
    readonly observedGeneration?: number | undefined;
    readonly conditions?: readonly Condition[] | undefined;
  };
}

export interface PersistentVolumeClaim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[] | undefined;
    readonly storageClassName?: string | undefined;
    /** The volume that it is bound to. */
    readonly volumeName?: string | undefined;
    readonly resources?: { readonly requests?: Texts } | undefined;
  };
  readonly status: { readonly phase?: "Pending" | "Bound" | "Lost" | undefined };
}

export interface PersistentVolume extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[] | undefined;
    readonly storageClassName?: string | undefined;
    readonly claimRef?:
      | { readonly namespace: string; readonly name: string; readonly uid: string }
      | undefined;
    readonly [field: string]: unknown;
  };
  readonly status: { readonly phase?: string | undefined };
}

export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly volumeBindingMode?: "Immediate" | "WaitForFirstConsumer" | undefined;
  readonly parameters?: Texts | undefined;
}

export interface VolumeAttachment extends KubeObject {
  readonly spec: {
    readonly attacher: string;
    readonly nodeName: string;
    readonly source: { readonly persistentVolumeName: string };
  };
  readonly status: { readonly attached: boolean };
}

/** Built-in resources by plural name; every other resource is a plain {@link KubeObject}. */
export interface BuiltInKinds {
  pods: Pod;
  deployments: Deployment;
  replicasets: ReplicaSet;
  services: Service;
  endpoints: Endpoints;
  endpointslices: EndpointSlice;
  events: CoreEvent;
  nodes: Node;
  secrets: DataObject;
  configmaps: DataObject;
  resourcequotas: ResourceQuota;
  limitranges: LimitRange;
  persistentvolumeclaims: PersistentVolumeClaim;
  persistentvolumes: PersistentVolume;
  storageclasses: StorageClass;
  volumeattachments: VolumeAttachment;
  poddisruptionbudgets: PodDisruptionBudget;
}

export type ObjectOf<Name extends string> = Name extends keyof BuiltInKinds ? BuiltInKinds[Name] : KubeObject;
