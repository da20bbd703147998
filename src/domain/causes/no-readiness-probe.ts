// Nothing asks the application if it works. A further cause of what came to light only after Kubernetes had called the
// rollout complete. Pure.
import type { TemplateView } from "../snapshot/template.ts";
import type { Classifier } from "./cause.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** Whether nothing asks the application if it works: no container of its own has a readiness probe. */
export function hasNoReadinessProbe({ containers }: TemplateView): boolean {
  const applications = containers.filter(({ kind }) => kind === "app");
  return applications.length > 0 && applications.every(({ readiness }) => readiness === undefined);
}

export const noReadinessProbe: Classifier = {
  recognises: ["NoReadinessProbe"],
  explains: ["CrashLooping", "InitContainerFailing"],
  classify: ({ rollout }) => {
    const { template } = rollout.revision;
    const container = template.containers.find(({ kind }) => kind === "app");
    if (!container || !hasNoReadinessProbe(template) || rollout.completedAt === undefined) return undefined;
    const port = container.ports[0]?.port;
    const handler =
      container.liveness?.kind === "http" && container.liveness.path !== undefined
        ? {
            httpGet: {
              path: container.liveness.path,
              port: container.liveness.portName ?? container.liveness.port,
            },
          }
        : { tcpSocket: { port } };
    const hasHandler = "httpGet" in handler || port !== undefined;
    return {
      class: "NoReadinessProbe",
      certainty: "Certain",
      message: `Container ${container.name} has no readiness probe, so Kubernetes reported its pods as ready as soon as they ran, and the rollout as complete although it does not work.`,
      evidence: [],
      remedy: `Add a readiness probe to container ${container.name} that checks whether it can serve.`,
      patch: hasHandler
        ? patchOfContainer(rollout, container, { readinessProbe: { ...handler, periodSeconds: 5 } })
        : undefined,
    };
  },
};
