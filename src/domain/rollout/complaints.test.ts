// Words as components of Kubernetes and registries write them. A word that is read wrongly here is a wrong rollback, or a late one.
import { expect } from "chai";
import {
  type Complaint,
  containerComplaint,
  creationComplaint,
  imageComplaint,
  isAboutRegistry,
  schedulingComplaint,
  volumeComplaint,
} from "./complaints.ts";

type Table = Partial<Record<Complaint | "unknown", readonly string[]>>;

/** Each text is read as its line says. */
function reads(classify: (text: string) => Complaint | undefined, table: Table): void {
  for (const [wanted, texts = []] of Object.entries(table)) {
    for (const text of texts) {
      it(`takes for ${wanted}: ${text}`, () => {
        expect(classify(text) ?? "unknown").to.equal(wanted);
      });
    }
  }
}

describe("what registries say, imageComplaint", () => {
  reads(imageComplaint, {
    mistake: [
      'InvalidImageName Failed to apply default image tag "web:": invalid reference format',
      'ErrImageNeverPull Container image "web:2" is not present with pull policy of Never',
      'failed to resolve reference "registry.example/web:2": registry.example/web:2: not found',
      "manifest for registry.example/web:2 not found: manifest unknown: manifest unknown",
      "no match for platform in manifest: not found",
      "pull access denied for web, repository does not exist or may require 'docker login'",
      "failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized",
      "403 Forbidden",
      "no matching manifest for linux/arm64/v8 in the manifest list entries",
      'media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json"',
      "SignatureValidationFailed: Source image rejected: A signature was required, but no signature exists",
      'failed to authorize: failed to fetch oauth token: unexpected status: 403 Forbidden: denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "web" (or it may not exist)',
    ],
    expected: [
      "toomanyrequests: You have reached your pull rate limit. https://www.docker.com/increase-rate-limit",
      "unexpected status from HEAD request to https://registry.example/v2/web/manifests/2: 429 Too Many Requests",
      "pull QPS exceeded",
      "unexpected status from GET request: 503 Service Unavailable",
      "unexpected status from GET request: 502 Bad Gateway",
      "received unexpected HTTP status: 500 Internal Server Error",
      "dial tcp 10.0.0.1:443: i/o timeout",
      "net/http: TLS handshake timeout",
      "read tcp 10.0.0.7:1->10.0.0.1:443: read: connection reset by peer",
      "failed to copy: httpReadSeeker: failed open: unexpected EOF",
      "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
      "rpc error: code = Canceled desc = context canceled",
      "failed to extract layer sha256:3f: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount1: write /usr/lib/a.so: no space left on device: unknown",
      'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
      "RegistryUnavailable image registry is unavailable",
    ],
    unclear: [
      "dial tcp: lookup registry.example on 10.96.0.10:53: no such host",
      "dial tcp 10.0.0.1:443: connect: connection refused",
      "dial tcp 10.0.0.1:443: connect: no route to host",
      "tls: failed to verify certificate: x509: certificate signed by unknown authority",
      "lookup registry.example: server misbehaving",
      "failed to do request: Head: http: server gave HTTP response to HTTPS client",
    ],
    unknown: ['Back-off pulling image "registry.example/web:2"', ""],
  });

  it("goes by the outage where a text names both", () => {
    expect(imageComplaint("429 Too Many Requests: repository does not exist")).to.equal("expected");
  });

  it("takes the number of a tag for no status of a registry", () => {
    expect(imageComplaint('Back-off pulling image "registry.example/web:1.429.0"')).to.equal(undefined);
    expect(imageComplaint('Back-off pulling image "registry.example/web:502"')).to.equal(undefined);
  });
});

describe("isAboutRegistry", () => {
  it("tells a registry that is away or denies access from one that does not know the image", () => {
    for (const text of [
      "401 Unauthorized",
      "pull access denied for web, repository does not exist or may require 'docker login'",
      "no basic auth credentials",
      "lookup registry.example: no such host",
      "503 Service Unavailable",
    ]) {
      expect(isAboutRegistry(text), text).to.equal(true);
    }
    for (const text of ["registry.example/web:2: not found", "manifest unknown", "InvalidImageName", ""]) {
      expect(isAboutRegistry(text), text).to.equal(false);
    }
  });
});

describe("what kubelets say of containers, containerComplaint", () => {
  reads(containerComplaint, {
    mistake: [
      "couldn't find key URL in Secret shop/database",
      "couldn't find key level in ConfigMap shop/settings",
      'failed to create containerd task: exec: "/app/servr": stat /app/servr: no such file or directory',
      "container has runAsNonRoot and image will run as root",
      "some words that nobody has seen before",
    ],
    missingObject: [
      'secret "database" not found',
      'configmap "settings" not found',
      'configmaps "settings" not found',
    ],
    expected: [
      'failed to reserve container name "web_web-1_shop_0": name "web_web-1_shop_0" is reserved for "1f2e"',
      'Error response from daemon: Conflict. The container name "/k8s_web" is already in use',
      "failed to sync secret cache: timed out waiting for the condition",
      "failed to sync configmap cache: timed out waiting for the condition",
      "context deadline exceeded",
      "services have not yet been read at least once, cannot construct envvars",
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: mkdir /run/user: no space left on device: unknown",
      "failed to create containerd task: failed to start shim: fork/exec /usr/bin/containerd-shim-runc-v2: resource temporarily unavailable",
      "failed to create shim task: OCI runtime create failed: nvidia-container-cli: initialization error: nvml error: driver not loaded",
      "failed to generate spec: failed to inject CDI devices: unresolvable CDI devices runtime.nvidia.com/gpu=all",
    ],
  });
});

describe("what is said of volumes and sandboxes, volumeComplaint", () => {
  reads(volumeComplaint, {
    mistake: [
      'MountVolume.SetUp failed for volume "tls": references non-existent secret key: tls.key',
      'MountVolume.SetUp failed for volume "conf": references non-existent config key: app.yaml',
      'MountVolume.SetUp failed for volume "host": hostPath type check failed: /data is not a directory',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "gvisor" is configured',
      "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to find runtime handler kata from runtime list map[runc:0xc0001]",
      "Failed to create pod sandbox: failed to create containerd task: write sysctl key net.core.foo: open /proc/sys/net/core/foo: no such file or directory",
    ],
    missingObject: [
      'MountVolume.SetUp failed for volume "tls": secret "web-tls" not found',
      'MountVolume.SetUp failed for volume "conf": configmap "settings" not found',
      'MountVolume.SetUp failed for volume "tls": object "shop"/"web-tls" not registered',
      'failed to mount secrets store objects: failed to get secretproviderclass shop/web, error: SecretProviderClass.secrets-store.csi.x-k8s.io "web" not found',
      'plugin type="multus": cannot find a network-attachment-definition (net) in namespace (shop): network-attachment-definitions.k8s.cni.cncf.io "net" not found',
    ],
    expected: [
      "MountVolume.MountDevice failed: driver name ebs.csi.aws.com not found in the list of registered CSI drivers",
      'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-0',
      "Unable to attach or mount volumes: unmounted volumes=[data]: timed out waiting for the condition",
      'AttachVolume.Attach failed for volume "pvc-1": rpc error: code = Internal',
      'Failed to create pod sandbox: plugin type="calico" failed (add): no IP addresses available',
      'Failed to create pod sandbox: plugin type="multus": error getting pod: pods "web-1" not found',
      'MountVolume.SetUp failed for volume "s": error connecting to provider "azure": provider not found: provider "azure"',
      'Failed to create pod sandbox: plugin type="cilium-cni" failed (add): unable to connect to Cilium daemon: Get "http:///var/run/cilium/cilium.sock/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory',
      'MountVolume.SetUp failed for volume "kube-api-access-x7": configmap "kube-root-ca.crt" not found',
      'MountVolume.SetUp failed for volume "kube-api-access-x7": object "shop"/"kube-root-ca.crt" not registered',
      "some words that nobody has seen before",
    ],
  });
});

describe("why the API server refuses pods, creationComplaint", () => {
  reads(creationComplaint, {
    mistake: [
      'admission webhook "policy.example" denied the request: tag latest is not allowed',
      'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": privileged',
      "pods is forbidden: unable to validate against any security context constraint",
      'admission webhook "policy.example" denied the request: readinessProbe.timeoutSeconds must be at most 5',
      'admission webhook "policy.example" denied the request: at most 500 replicas',
      'admission webhook "verify.example" denied the request: failed to verify image: no signatures found',
      "pods \"web-1\" is forbidden: ValidatingAdmissionPolicy 'limits' with binding 'all' denied request: no",
      'Pod "web-1" is invalid: spec.containers[0].resources.requests: Invalid value',
    ],
    missingObject: [
      'pods "web-1" is forbidden: error looking up service account shop/web: serviceaccount "web" not found',
    ],
    expected: [
      'pods "web-1" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=3, limited: pods=3',
      'Internal error occurred: failed calling webhook "inject.example": connect: connection refused',
      'Internal error occurred: failed calling webhook "inject.example": no endpoints available for service "inject"',
      'admission webhook "verify.example" denied the request: failed to verify image: Get "https://registry.example/v2/": dial tcp: i/o timeout',
      'admission webhook "verify.example" denied the request: failed to fetch attestations: GET https://registry.example: TOOMANYREQUESTS: Too Many Requests',
      'admission webhook "vault.example" denied the request: dial tcp: lookup vault on 10.96.0.10:53: no such host',
      'Operation cannot be fulfilled on resourcequotas "compute": the object has been modified; please apply your changes to the latest version and try again',
      'pods "web-1" is forbidden: status unknown for quota: compute, resources: pods',
      'pods "web-1" is forbidden: unable to create new content in namespace shop because it is being terminated',
      'pods "web-1" already exists',
      'object is being deleted: pods "web-1" already exists',
      'No API token found for service account "web", retry after the token is automatically created and added to the service account',
      "etcdserver: request timed out",
      "the server is currently unable to handle the request",
    ],
  });
});

describe("what the scheduler says, schedulingComplaint", () => {
  reads(schedulingComplaint, {
    missingObject: ['0/3 nodes are available: persistentvolumeclaim "data" not found.'],
    expected: [
      "0/3 nodes are available: 3 Insufficient memory.",
      "0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods.",
      "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.",
      "0/3 nodes are available: 3 node(s) did not find available persistent volumes to bind.",
      "0/3 nodes are available: 3 node(s) were unschedulable.",
      "0/3 nodes are available: 3 node(s) exceed max volume count.",
      "0/2 nodes are available: 2 node(s) had untolerated taint {node.cilium.io/agent-not-ready: }.",
      "0/2 nodes are available: 2 node(s) had untolerated taint {ebs.csi.aws.com/agent-not-ready: }.",
      "0/2 nodes are available: 2 node(s) had untolerated taint {karpenter.sh/unregistered: }.",
      "0/2 nodes are available: 2 node(s) had untolerated taint {ToBeDeletedByClusterAutoscaler: 1764513600}.",
      "0/3 nodes are available: 3 node(s) had volume node affinity conflict.",
      "0/3 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity.",
      '0/3 nodes are available: persistentvolumeclaim "data" is being deleted.',
      "0/1 nodes are available: 1 cannot allocate all claims.",
      "no nodes available to schedule pods",
      "0/3 nodes are available: 3 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.",
      "0/1 nodes are available: 1 node(s) had untolerated taint {node.cloudprovider.kubernetes.io/uninitialized: true}.",
    ],
    unknown: [
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      "0/3 nodes are available: 3 node(s) had untolerated taint {dedicated: gpu}.",
      "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports.",
    ],
  });
});
