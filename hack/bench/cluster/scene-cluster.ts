// The simulated cluster with the scene in it: all objects settled, then the controllers and a kubelet for what changes.
import {
  type ClusterParts,
  type SimulatedCluster,
  startSimulatedCluster,
} from "@rolloutguard/simulated-cluster";
import {
  createServicePods,
  startDeploymentController,
  startEndpointSliceController,
  startReplicaSetController,
} from "@rolloutguard/simulated-cluster/controllers";
import { toJson } from "@rolloutguard/simulated-cluster/objects";
import { createRandom } from "@rolloutguard/simulated-cluster/random";
import { CRD_FOLDER } from "../../crd-folder.ts";
import { type Place, planScene, podsBesideGuards, type SceneSize } from "../scene/scene-plan.ts";
import { type Seats, settledApplication, type Times } from "../scene/settled-application.ts";
import type { SceneFacts } from "./commands.ts";

const DAY_MS = 24 * 3_600_000;
const NODES = 100;
/** Leading 1,000 rollouts to their decisive events may take long: until then no other check may decide. */
const READINESS_PATIENCE = "15m";

export interface SceneCluster {
  readonly cluster: SimulatedCluster;
  readonly parts: ClusterParts;
  readonly places: readonly Place[];
  readonly seats: Seats;
  readonly facts: Omit<SceneFacts, "kubeconfig">;
}

/**
 * Starts the cluster and fills it. Objects go into the store as they would be long after their last rollout: nobody plays
 * the starts of tens of thousands of pods. The controllers come after that, so that they take them as found.
 */
export async function startSceneCluster(size: SceneSize, isPlain: boolean, seed = 1): Promise<SceneCluster> {
  const startedAt = performance.now();
  const cluster = await startSimulatedCluster({
    hasControllers: false,
    crdFolder: CRD_FOLDER,
    seed,
    tls: !isPlain,
  });
  const random = createRandom(seed + 1);
  const parts: ClusterParts = { ...cluster.parts, random };
  const places = planScene(size);
  const seats = createSeats();
  const tally = new Map<string, { count: number; bytes: number }>();
  const add = (resource: string, object: Parameters<typeof toJson>[0]): void => {
    // The text is made now, so that answering lists costs the simulated server little while the operator is measured.
    const bytes = toJson(object).length;
    const sum = tally.get(resource) ?? { count: 0, bytes: 0 };
    tally.set(resource, { count: sum.count + 1, bytes: sum.bytes + bytes });
  };
  addNamespaces(cluster, places);
  const times = timesBefore(cluster);
  for (const place of places) {
    for (const { resource, object } of settledApplication(place, size.pods, times, { random, seats })) {
      add(resource, cluster.store.put(resource, object));
    }
    if (place.isGuarded)
      add("rolloutguards", cluster.store.create("rolloutguards", place.namespace, guardOf(place)));
  }
  startDeploymentController(parts);
  startReplicaSetController(parts);
  startEndpointSliceController(parts, createServicePods(parts.objects));
  const objects = Object.fromEntries(
    [...tally].map(([resource, { count, bytes }]) => [
      resource,
      { count, meanBytes: Math.round(bytes / count) },
    ]),
  );
  return {
    cluster,
    parts,
    places,
    seats,
    facts: {
      transport: cluster.url.startsWith("https:") ? "HTTP/2 over TLS" : "HTTP/1.1",
      objects,
      guardedPods: size.guards * size.pods,
      podsBesideGuards: podsBesideGuards(places, size.pods),
      buildSeconds: (performance.now() - startedAt) / 1_000,
    },
  };
}

function addNamespaces(cluster: SimulatedCluster, places: readonly Place[]): void {
  for (const name of new Set(places.map(({ namespace }) => namespace))) {
    const labels = { "kubernetes.io/metadata.name": name };
    cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  }
}

function timesBefore({ time }: SimulatedCluster): Times {
  const now = time.now();
  return {
    createdAt: time.timestamp(now - 30 * DAY_MS),
    rolledOutAt: time.timestamp(now - DAY_MS),
    readyAt: time.timestamp(now - DAY_MS + 8_000),
  };
}

function guardOf({ namespace, name }: Place) {
  return {
    metadata: { name, namespace },
    spec: {
      target: { kind: "Deployment", name },
      // A pause at the first crash keeps the other pods from coming that lead a rollout to its decisive event.
      freeze: "Never",
      checks: { crashLoop: { patience: "1s" }, readiness: { patience: READINESS_PATIENCE } },
    },
  };
}

/** Nodes in turn, addresses one after the other. */
function createSeats(): Seats {
  let taken = 0;
  return {
    next: () => {
      const node = taken % NODES;
      taken += 1;
      return {
        nodeName: `node-${String(node).padStart(3, "0")}.example.com`,
        hostIP: `10.1.0.${node + 1}`,
        podIP: `10.${128 + (taken >> 16)}.${(taken >> 8) & 255}.${taken & 255}`,
      };
    },
  };
}
