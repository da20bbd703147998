// A small Kubernetes cluster in memory: an API server over HTTP with controllers and a kubelet behind it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { parseAllDocuments } from "yaml";
import { createAdminEndpoint } from "./admin/admin-endpoint.ts";
import { createPodSecurity } from "./admission/pod-security.ts";
import { Webhooks } from "./admission/webhooks.ts";
import { certificate } from "./api-server/certificate.ts";
import { ApiServer, type RestartOptions } from "./api-server/http/api-server.ts";
import type { RequestLog } from "./api-server/http/request-log.ts";
import { ApiObjects, type ClusterObjects } from "./api-server/objects.ts";
import type { FurtherRules } from "./api-server/writing/object-validation.ts";
import { ClusterNodes, type NewNode } from "./cluster-nodes.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import { type ControllerName, ControllerPauses, PAUSABLE } from "./controller-pauses.ts";
import { startDeploymentController } from "./controllers/deployment/deployment-controller.ts";
import { admitEviction, startDisruptionController } from "./controllers/disruption-budgets.ts";
import { startEndpointSliceController } from "./controllers/endpoints/endpoint-slice-controller.ts";
import { startEndpointsController } from "./controllers/endpoints/endpoints-controller.ts";
import { createServicePods } from "./controllers/endpoints/service-pods.ts";
import { startEventExpiry } from "./controllers/events/event-expiry.ts";
import { startGarbageCollector } from "./controllers/garbage-collector.ts";
import { startNamespaceContents } from "./controllers/namespaces/namespace-contents.ts";
import { startNamespaceController } from "./controllers/namespaces/namespace-controller.ts";
import { createNodeController } from "./controllers/nodes/node-controller.ts";
import type { NodeCapacity } from "./controllers/nodes/node-status.ts";
import { createPodsByNode, type PodsByNode } from "./controllers/nodes/pods-by-node.ts";
import { startTaintEviction } from "./controllers/nodes/taint-eviction.ts";
import { createLimitRangeAdmission, createLimitRangeDefaults } from "./controllers/quota/limit-ranges.ts";
import { type PodQuota, setPodQuota } from "./controllers/quota/pod-quota.ts";
import { createQuotaAdmission } from "./controllers/quota/quota-admission.ts";
import { startQuotaController } from "./controllers/quota/quota-controller.ts";
import { startReplicaSetController } from "./controllers/replica-set/replica-set-controller.ts";
import { startScheduler } from "./controllers/scheduler/scheduler.ts";
import { startAttachController } from "./controllers/volumes/attach-controller.ts";
import { startClaimController } from "./controllers/volumes/claim-controller.ts";
import type { Faults, RequestHandler } from "./faults/faults.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { NodeFaults } from "./kubelet/faults/node-faults.ts";
import { Images } from "./kubelet/images/images.ts";
import { type ConnectionRefusal, PodNetwork } from "./kubelet/network/pod-network.ts";
import type { MachineClock } from "./machine-clock.ts";
import { createRandom } from "./random.ts";
import { SimulatedTime } from "./simulated-time.ts";

export interface SimulatedClusterOptions {
  /** 0, the default, lets the operating system choose; "none": clients come through `accept` only. */
  readonly port?: number | "none" | undefined;
  /** How many times faster than real time it runs. Default 1. */
  readonly timeScale?: number | undefined;
  /** A folder of YAML files; the CustomResourceDefinitions in them are there from the start. Default: none. */
  readonly crdFolder?: string | undefined;
  /** How many nodes there are: node1, node2, … Default: one, so large that it takes everything. At most 36. */
  readonly nodes?: number | undefined;
  /** What each node has. Default with `nodes`: 16 cpus, 64Gi, 110 pods. */
  readonly nodeCapacity?: NodeCapacity | undefined;
  /** Serves HTTPS, with HTTP/2 for clients that can. Its certificate is in the kubeconfig. */
  readonly tls?: boolean | undefined;
  /** Refuses what a real API server refuses beyond the rules that are built in. Default: none. */
  readonly furtherRules?: FurtherRules | undefined;
  /** Makes names, uids and timings repeatable. */
  readonly seed?: number | undefined;
  /** The cluster's time at the start (epoch ms). Default: now. */
  readonly startAt?: number | undefined;
  /** The clock by which the cluster's time runs, such as one that a test moves. Default: the machine's. */
  readonly clock?: MachineClock | undefined;
  /** Whether controllers and kubelet run. False leaves an API server whose objects only change by hand. */
  readonly hasControllers?: boolean | undefined;
}

export interface SimulatedCluster {
  readonly url: string;
  /** All objects, in process. Writes pass through the same rules as over HTTP. */
  readonly store: ClusterObjects;
  readonly time: SimulatedTime;
  /** What controllers work with, for those that run beside Kubernetes (add-ons/). */
  readonly parts: ClusterParts;
  readonly requests: RequestLog;
  /** Faults on demand: what a real API server and a real network can do to requests and watches. */
  readonly faults: Faults;
  /** What goes wrong on nodes: pulls, refused pods, volumes, containers. */
  readonly nodeFaults: NodeFaults;
  /** What images are there and what they bring. */
  readonly images: Images;
  /** The admission webhooks that are asked when objects are created or updated. */
  readonly webhooks: Webhooks;
  /** Epoch ms of the cluster. */
  now(): number;
  /** A kubeconfig, as YAML, for kubectl and clients. */
  kubeconfig(): string;
  /** The certificate, in PEM, that clients have to trust; undefined without TLS. */
  readonly certificateAuthority: string | undefined;
  /** Serves HTTP on a connection that did not come through the port, such as one in memory. */
  accept(connection: Duplex): void;
  openSockets(): number;
  peakSockets(): number;
  resetPeakSockets(): void;
  openWatches(): number;
  /** Lets a test answer, delay or cut requests. Returns a function that ends it. */
  onRequest(handler: RequestHandler): () => void;
  /**
   * A connection to the pod with that address, or why there is none. Clients in other processes send CONNECT to `url`, as
   * to an HTTP proxy.
   */
  connectToPod(address: string, port: number): Duplex | ConnectionRefusal;
  /** Breaks the connections of all watches. */
  cutWatches(): void;
  /** Forgets all history: older resourceVersions and continue tokens are answered with 410. */
  expireResourceVersions(): void;
  /** Ends the API server and starts it again on the same port. Resolves when it takes connections again. */
  restartApiServer(options?: RestartOptions): Promise<void>;
  /** Evicts a pod through the eviction API, as `kubectl drain` does. */
  evictPod(namespace: string, name: string): void;
  /** Has the kubelet evict a pod for want of memory: the pod stays behind as Failed. */
  evictForMemory(namespace: string, name: string): void;
  /** Cuts the node from the cluster, or brings it back. */
  setNodeReady(name: string, isReady: boolean): void;
  /** Has a node join. Returns its name. */
  addNode(node?: NewNode): string;
  /**
   * Has every sandbox on the node fail with that error of the container runtime, in which ID stands for the sandbox;
   * undefined: they can be made again. Pods that run are not touched.
   */
  failSandboxes(nodeName: string, error: string | undefined): void;
  /** Pauses a controller, for so long (ms of the cluster) or until the function that is returned is called. */
  pauseController(name: ControllerName, forMs?: number): () => void;
  /**
   * The API server answers nobody for so long (ms of the cluster), neither clients nor controllers nor kubelets; the
   * containers run on, and what happened to them shows afterwards.
   */
  silenceApiServer(forMs: number): void;
  /** Limits how many pods a namespace may have, by a ResourceQuota; undefined lifts the limit. */
  setPodQuota(namespace: string, quota: PodQuota | undefined): void;
  stop(): Promise<void>;
}

const ORDINARY: NodeCapacity = { cpu: "16", memory: "64Gi", pods: "110" };
/** For benchmarks: many thousands of pods on a single node. */
const HUGE: NodeCapacity = { cpu: "64k", memory: "128Ti", pods: "110k" };

/** Starts a cluster on 127.0.0.1; `stop` closes all of it. */
export async function startSimulatedCluster(
  options: SimulatedClusterOptions = {},
): Promise<SimulatedCluster> {
  const time = new SimulatedTime({
    timeScale: options.timeScale ?? 1,
    startAt: options.startAt ?? Date.now(),
    clock: options.clock,
  });
  const random = createRandom(options.seed ?? 1);
  const objects = new ApiObjects(time, random);
  objects.registry.furtherRules = options.furtherRules;
  const pauses = new ControllerPauses(time);
  const parts: ClusterParts = { objects, time, random, pauses };
  const images = new Images();
  const nodeFaults = new NodeFaults(time);
  const webhooks = new Webhooks(time);
  objects.registry.mutations.push(createLimitRangeDefaults(objects), webhooks.admit);
  objects.registry.updateMutations.push(webhooks.admitUpdate);
  objects.registry.admissions.push(
    createLimitRangeAdmission(objects),
    createPodSecurity(objects),
    createQuotaAdmission(objects),
  );
  objects.evictionGuards.push((pod, isDryRun) => admitEviction(objects, pod, isDryRun));
  const podsByNode = createPodsByNode(objects);
  const nodes = new ClusterNodes(parts, images, {
    faults: nodeFaults,
    controller: createNodeController(parts, podsByNode),
    defaultCapacity: options.nodeCapacity ?? (options.nodes === undefined ? HUGE : ORDINARY),
  });
  nodes.prepareAll(options.nodes ?? 1);
  objects.readLog = ({ uid, nodeName }, container, previous) =>
    nodes.kubeletOf(nodeName)?.log(uid, container, previous);

  for (const name of ["default", "kube-system"]) {
    objects.apply({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    });
  }
  if (options.crdFolder !== undefined) applyCrds(objects, options.crdFolder);
  if (options.hasControllers ?? true) {
    startControllers(parts, podsByNode);
    for (const kubelet of nodes.kubelets) kubelet.start();
  }
  for (const kubelet of nodes.kubelets) nodes.register(kubelet);

  const tls = options.tls ?? false;
  const server = new ApiServer({ ...parts, seed: options.seed ?? 1, tls });
  const { connections } = server;
  const network = new PodNetwork(time, (address) => nodes.applicationsAt(address));
  const connectToPod: SimulatedCluster["connectToPod"] = (address, port) => network.connect(address, port);
  connections.leadToPods(connectToPod);
  const certificateAuthority = tls ? certificate().cert : undefined;
  const url = options.port === "none" ? "http://simulated" : await connections.listen(options.port ?? 0);

  const cluster: SimulatedCluster = {
    url,
    store: objects,
    time,
    parts,
    requests: server.requests,
    images,
    webhooks,
    now: () => time.now(),
    kubeconfig: () => kubeconfigFor(url, certificateAuthority),
    certificateAuthority,
    accept: (connection) => server.accept(connection),
    connectToPod,
    openSockets: () => connections.open,
    peakSockets: () => connections.peak,
    resetPeakSockets: () => connections.resetPeak(),
    faults: server.faults,
    nodeFaults,
    openWatches: () => server.watches.size,
    onRequest: (handler) => server.faults.addHandler(handler),
    cutWatches: () => server.watches.cut(),
    expireResourceVersions: () => server.forgetHistory(),
    restartApiServer: (how) => server.restart(how),
    evictPod: (namespace, name) => objects.evict(namespace, name),
    evictForMemory: (namespace, name) => {
      const pod = objects.get("pods", namespace, name);
      const kubelet = nodes.kubeletOf(pod?.spec.nodeName);
      if (pod === undefined || kubelet?.evict(pod, "memory") !== true)
        throw new Error(`No pod ${namespace}/${name} runs.`);
    },
    setNodeReady: (name, isReady) => nodes.setReady(name, isReady),
    addNode: (node = {}) => nodes.add(node),
    failSandboxes: (nodeName, error) => nodes.failSandboxes(nodeName, error),
    pauseController: (name, forMs) => pauses.pause(name, forMs),
    silenceApiServer: (forMs) => {
      for (const name of PAUSABLE) pauses.pause(name, forMs);
      nodes.silence(forMs);
      server.faults.add({ does: { watch: "freeze" }, forMs });
      server.faults.add({ does: { hang: "before" }, forMs });
    },
    setPodQuota: (namespace, quota) => setPodQuota(objects, namespace, quota),
    stop: async () => {
      time.stop();
      nodes.stop();
      await connections.down();
    },
  };
  server.admin = createAdminEndpoint({ ...cluster, nodeNames: () => nodes.names });
  return cluster;
}

function startControllers(parts: ClusterParts, podsByNode: PodsByNode): void {
  startScheduler(parts, podsByNode);
  startTaintEviction(parts, podsByNode);
  startDeploymentController(parts);
  startReplicaSetController(parts);
  const servicePods = createServicePods(parts.objects);
  startEndpointSliceController(parts, servicePods);
  startEndpointsController(parts, servicePods);
  startGarbageCollector(parts);
  startNamespaceController(parts);
  startNamespaceContents(parts);
  startQuotaController(parts);
  startDisruptionController(parts);
  startClaimController(parts);
  startAttachController(parts);
  startEventExpiry(parts);
}

function applyCrds(objects: ApiObjects, folder: string): void {
  for (const file of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(file)) continue;
    for (const document of parseAllDocuments(readFileSync(join(folder, file), "utf8"))) {
      const manifest = document.toJS() as { kind?: string } | null;
      if (manifest?.kind === "CustomResourceDefinition") objects.apply(manifest);
    }
  }
}
