// What tests of the Deployment controller share: one Deployment "web" in a cluster, rolled out and looked at.
import type { Condition, Deployment, Pod, ReplicaSet } from "../../api-server/kinds.ts";
import { type DeploymentOptions, exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { waitUntil } from "../../wait-until.ts";

export const NAMESPACE = "shop";

export interface RolloutTest {
  readonly cluster: SimulatedCluster;
  deployment(): Deployment;
  condition(type: string): Condition | undefined;
  sets(): readonly ReplicaSet[];
  /** The ReplicaSet that runs the image. */
  setOf(image: string): ReplicaSet;
  podsOf(image: string): readonly Pod[];
  events(reason: string): readonly string[];
  apply(options: DeploymentOptions): void;
  patch(spec: Partial<Deployment["spec"]>): void;
  /** Applies, and waits until the rollout is complete. */
  rollOut(options: DeploymentOptions): Promise<void>;
  until(what: string, holds: () => boolean): Promise<void>;
}

export async function startRolloutTest(): Promise<RolloutTest> {
  const cluster = await startSimulatedCluster({ timeScale: 400, seed: 3 });
  const deployment = (): Deployment => {
    const found = cluster.store.get("deployments", NAMESPACE, "web");
    if (found === undefined) throw new Error("The Deployment is gone.");
    return found;
  };
  const condition = (type: string) => deployment().status.conditions?.find((each) => each.type === type);
  const sets = () => cluster.store.list("replicasets", NAMESPACE);
  const runs = ({ containers }: { containers: readonly { image: string }[] }, image: string) =>
    containers[0]?.image === image;
  const apply = (options: DeploymentOptions): void => {
    cluster.store.apply(exampleDeployment(options));
  };
  const until = (what: string, holds: () => boolean) => waitUntil(cluster, what, holds);
  return {
    cluster,
    deployment,
    condition,
    sets,
    setOf: (image) => {
      const set = sets().find(({ spec }) => runs(spec.template.spec, image));
      if (set === undefined) throw new Error(`No ReplicaSet runs ${image}.`);
      return set;
    },
    podsOf: (image) => cluster.store.list("pods", NAMESPACE).filter(({ spec }) => runs(spec, image)),
    events: (reason) =>
      cluster.store
        .list("events", NAMESPACE)
        .filter((event) => event.reason === reason)
        .map(({ message }) => message),
    apply,
    patch: (spec) => cluster.store.patch("deployments", NAMESPACE, "web", { spec }),
    until,
    rollOut: async (options) => {
      apply(options);
      await until("the rollout is complete", () => {
        const { status, metadata, spec } = deployment();
        return (
          status.observedGeneration === metadata.generation &&
          (status.updatedReplicas ?? 0) === spec.replicas &&
          (status.replicas ?? 0) === spec.replicas &&
          condition("Progressing")?.reason === "NewReplicaSetAvailable"
        );
      });
    },
  };
}
