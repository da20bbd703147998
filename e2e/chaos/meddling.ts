// Plays those who change an application's Deployment of their own accord.
import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import { deploymentOf } from "../testing/shop.ts";
import type { ApplicationPlan } from "./plan/application-plan.ts";
import { ADMITTED_ANNOTATION, ADMITTED_CONTAINER } from "./plan/meddlers.ts";
import type { Stage } from "./stage.ts";

/** Arranges for the application's meddler to do what it does. */
export function arrangeMeddler(life: ApplicationPlan, stage: Stage): void {
  const { meddler, namespace, name } = life;
  const { cluster } = stage;
  if (meddler === undefined) return;
  switch (meddler.is) {
    case "annotates":
      cluster.time.after(meddler.fromMs, () => {
        cluster.webhooks.add({
          name: `${name}.policy.example.com`,
          on: { operation: "UPDATE", resource: "deployments", namespace, labels: { app: name } },
          does: {
            merge: { spec: { template: { metadata: { annotations: { [ADMITTED_ANNOTATION]: "yes" } } } } },
          },
        });
      });
      return;
    case "injects":
      cluster.time.after(meddler.fromMs, () => {
        const on = { namespace, labels: { app: name } };
        const containers = [{ name: ADMITTED_CONTAINER, image: `${name}:proxy` }];
        cluster.webhooks.add({
          name: `${name}.mesh.example.com`,
          on: meddler.into === "pods" ? on : { ...on, operation: "UPDATE", resource: "deployments" },
          does: { inject: { containers } },
        });
      });
      return;
    case "reapplies":
      putBack(life, meddler.afterMs, stage);
  }
}

/** Some time after an operator has changed the template it is again as people shipped it last. */
function putBack(life: ApplicationPlan, afterMs: number, { cluster, chronicle }: Stage): void {
  const { namespace, name } = life;
  const { store, time } = cluster;
  const key = `${namespace}/${name}`;
  const inGit = (): string | undefined => {
    const reported = (chronicle.entries.get(key) ?? []).findLast(
      (entry) => entry.is === "template" && entry.by === "people",
    );
    return reported?.is === "template" ? reported.tag : undefined;
  };
  const heal = (): void => {
    const present = store.get("deployments", namespace, name);
    const wanted = life.versions.find(({ tag }) => tag === inGit())?.version;
    if (present === undefined || wanted === undefined || tagIn(present) === wanted.tag) return;
    const { spec } = deploymentOf(namespace, name, wanted) as Deployment;
    chronicle.reportStep(key, `the GitOps engine puts ${wanted.tag} back`);
    chronicle.by("engine", () =>
      store.update("deployments", { ...present, spec: { ...present.spec, template: spec.template } }),
    );
  };
  store.subscribe("deployments", ({ object, previous }) => {
    if (object.metadata.namespace !== namespace || object.metadata.name !== name) return;
    const isOperators = chronicle.actor === undefined && previous !== undefined;
    if (isOperators && tagIn(object as Deployment) !== tagIn(previous as Deployment))
      time.after(afterMs, heal);
  });
}

function tagIn({ spec }: Deployment): string | undefined {
  return spec.template.spec.containers[0]?.image?.split(":").at(-1);
}
