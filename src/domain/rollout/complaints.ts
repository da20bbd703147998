// What the words of Kubernetes' own components say about who has to act: the release is wrong, or somebody is expected. Pure.
// The words are those of the kubelet, containerd, registries (distribution), the scheduler, the volume controllers and the
// admission plugins. They are read here only to choose a patience; causes are classified in `causes/`.

/**
 * What a complaint proves.
 * - `mistake`: the cluster names something that the release got wrong; waiting cures nothing.
 * - `missingObject`: a Secret, ConfigMap, claim or service account does not exist; an operator can still create it.
 * - `unclear`: the words fit a mistake and an outage alike, such as a registry's name that cannot be resolved.
 * - `expected`: somebody is about to act: a registry that throttles, a driver that starts, a node that is added.
 */
export type Complaint = "mistake" | "missingObject" | "unclear" | "expected";

type Words = readonly (readonly [RegExp, Complaint])[];

/** The first pattern that fits decides. */
function classify(text: string, words: Words): Complaint | undefined {
  return words.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * A registry or a server that throttles or fails. A status stands alone: the tag of an image or a part of an address can be
 * such a number too.
 */
export const THROTTLED =
  /(?<![\w.:/-])(?:429|50[0234])(?![\w.-])|too ?many ?requests|rate limit|QPS exceeded|bad gateway|service unavailable|gateway time-?out/i;

const TRANSIENT = new RegExp(
  `${THROTTLED.source}|internal server error|i/o timeout|timed? ?out|deadline exceeded|connection reset|unexpected EOF|context canceled|transport is closing|TLS handshake`,
  "i",
);

/** The node has no room on its disks, no memory or handles, or its container runtime is starting. */
const NODE_TROUBLE =
  /no space left on device|disk quota exceeded|cannot allocate memory|resource temporarily unavailable|too many open files|input\/output error|code = Unavailable|(?:containerd|crio|cri-dockerd)\.sock|ttrpc: closed|failed to garbage collect required amount of images/i;

const ACCESS_DENIED =
  /unauthorized|authentication required|authorization failed|no basic auth|denied|forbidden/i;

const IMAGE_WORDS: Words = [
  [/InvalidImageName|invalid reference format|ErrImageNeverPull/i, "mistake"],
  [/signature was required|signature.* (?:rejected|invalid)|Source image rejected/i, "mistake"],
  [TRANSIENT, "expected"],
  [NODE_TROUBLE, "expected"],
  [/RegistryUnavailable/, "expected"],
  [/manifest unknown|not found|name unknown|does not exist|no match(?:ing manifest)? for/i, "mistake"],
  [/media type .* is no longer supported|unsupported (?:manifest )?media type/i, "mistake"],
  [ACCESS_DENIED, "mistake"],
  [
    /dial tcp|lookup |no such host|connection refused|x509|server misbehaving|unreachable|no route to host|server gave HTTP response to HTTPS client/i,
    "unclear",
  ],
];

/**
 * Whether the words are about the registry, which is away, fails or denies access, and not about the image. Of what it does not
 * know a registry can say that access is denied; of a tag that is not there it says so.
 */
export function isAboutRegistry(text: string): boolean {
  const complaint = imageComplaint(text);
  if (complaint !== "mistake") return complaint !== undefined;
  return ACCESS_DENIED.test(text) && !/manifest unknown|not found/i.test(text);
}

/** What the kubelet says about an image that it cannot pull. Undefined: the words are unknown, or there are none. */
export function imageComplaint(text: string): Complaint | undefined {
  return classify(text, IMAGE_WORDS);
}

const MISSING_OBJECT =
  /\b(?:secret|configmap|persistentvolumeclaim|serviceaccount|secretproviderclass[\w.-]*|network-attachment-definition[\w.-]*)s? "[^"]*" not found|object "[^"]*"\/"[^"]*" not registered/i;
const MISSING_KEY = /references non-existent (?:secret|config) key|couldn't find key/i;

const CONTAINER_WORDS: Words = [
  [MISSING_KEY, "mistake"],
  [MISSING_OBJECT, "missingObject"],
  [/(?:failed to reserve container name|name "[^"]*" is (?:already in use|reserved))/i, "expected"],
  [/failed to sync .*cache|services have not yet been read at least once/i, "expected"],
  // The devices of a node come with their plugin, and their driver.
  [/nvidia-container-cli: (?:initialization|device) error|unresolvable CDI devices/i, "expected"],
  [NODE_TROUBLE, "expected"],
  [TRANSIENT, "expected"],
];

/** What the kubelet says about a container that it cannot create or start. Words that it does not know are a mistake. */
export function containerComplaint(text: string): Complaint {
  return classify(text, CONTAINER_WORDS) ?? "mistake";
}

const VOLUME_WORDS: Words = [
  // The cluster puts it into every namespace.
  [/kube-root-ca\.crt/, "expected"],
  [MISSING_KEY, "mistake"],
  [MISSING_OBJECT, "missingObject"],
  [/hostPath type check failed/i, "mistake"],
  // A RuntimeClass names a handler that the runtime of the node does not have (containerd, CRI-O).
  [/no runtime for "|failed to find runtime handler|\/proc\/sys\//i, "mistake"],
];

/**
 * What the kubelet or the attach controller says about a pod's volumes or its sandbox. Drivers register, volumes are
 * detached, networks come up: words that it does not know are no mistake.
 */
export function volumeComplaint(text: string): Complaint {
  return classify(text, VOLUME_WORDS) ?? "expected";
}

/** What a webhook quotes that had to ask somebody else, such as the registry of an image, and got no answer. */
const NO_ANSWER =
  /i\/o timeout|deadline exceeded|Client\.Timeout exceeded|TLS handshake timeout|connection (?:refused|reset)|no such host|server misbehaving|network is unreachable|unexpected EOF|too ?many ?requests|internal server error|bad gateway|service unavailable|gateway time-?out/i;

/** Whether a webhook denies pods only because it could not check them. */
export function isUncheckedDenial(text: string): boolean {
  return /denied the request/i.test(text) && NO_ANSWER.test(text);
}

/**
 * What ends without anybody's doing: two writers of a quota, a quota that was not counted yet, a pod of the same name that is
 * ending, a namespace that is being deleted.
 */
const PASSING =
  /Operation cannot be fulfilled|object has been modified|status unknown for quota|already exists|object is being deleted|because it is being terminated|not yet ready to handle request|no API token found for service account/i;

const CREATION_WORDS: Words = [
  [/denied the request|denied request|violates PodSecurity|unable to validate against/i, "mistake"],
  [/\bserviceaccounts? "?[^"]*"? (?:was )?not found|error looking up service account/i, "missingObject"],
  [/exceeded quota/i, "expected"],
  [PASSING, "expected"],
  [/failed calling webhook|failed to call webhook|no endpoints available|connection refused/i, "expected"],
  [/Internal error occurred|etcdserver|the server (?:is|was) (?:currently )?unable/i, "expected"],
  [TRANSIENT, "expected"],
];

/** Why the API server refuses the pods of a ReplicaSet. Words that it does not know are a mistake. */
export function creationComplaint(text: string): Complaint {
  return isUncheckedDenial(text) ? "expected" : (classify(text, CREATION_WORDS) ?? "mistake");
}

const SCHEDULING_WORDS: Words = [
  [/persistentvolumeclaim "[^"]*" not found/i, "missingObject"],
  [/Insufficient |Too many pods|exceed max volume count|cannot allocate all claims/i, "expected"],
  [
    /unbound immediate PersistentVolumeClaims|waiting for (?:first consumer|a volume)|did not find available persistent volumes|volume node affinity conflict|didn't match PersistentVolume|persistentvolumeclaim "[^"]*" is being deleted|resourceclaim/i,
    "expected",
  ],
  [
    /were unschedulable|no nodes available|taint \{node\.(?:kubernetes|cloudprovider\.kubernetes)\.io\//i,
    "expected",
  ],
  // Nodes that start or go: Cilium, CSI drivers, Karpenter, the cluster autoscaler.
  [
    /taint \{[^}]*(?:not-ready|unregistered|disrupt|ToBeDeleted|DeletionCandidate|startup)[^}]*\}/i,
    "expected",
  ],
];

/**
 * What the scheduler says about a pod that no node takes. Undefined: it is about where the pod may run (selectors,
 * affinity, taints, ports), which is a mistake only if this release changed it.
 */
export function schedulingComplaint(text: string): Complaint | undefined {
  return classify(text, SCHEDULING_WORDS);
}
