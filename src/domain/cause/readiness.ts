// Readiness that does not come from a probe: gates that are set from outside, and no probe at all. Pure.
import type { TemplateView } from "../snapshot/template.ts";
import { type Case, type Cause, type Classifier, quoted } from "./cause.ts";
import { podsOf } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

export const readinessGate: Classifier = {
  explains: ["NotReady", "ProgressDeadlineExceeded", "Degraded"],
  classify: (of) => {
    const pod = podsOf(of).find(({ readyReason }) => readyReason === "ReadinessGatesNotReady");
    if (!pod) return undefined;
    return {
      class: "ReadinessGateNotSet",
      certainty: "Certain",
      message: `All containers of pod ${pod.name} are ready, and a readiness gate of it is not set: what sets it from outside, such as a load balancer's controller, does not.`,
      evidence: quoted(of, /ReadinessGates|Ready is False/),
      remedy:
        "See who sets the conditions in readinessGates (kubectl get pod -o wide, and that controller's log), or take the gate out of the pod template.",
    };
  },
};

/** Whether nothing asks the application if it works: no container of its own has a readiness probe. */
export function hasNoReadinessProbe({ containers }: TemplateView): boolean {
  const applications = containers.filter(({ kind }) => kind === "app");
  return applications.length > 0 && applications.every(({ readiness }) => readiness === undefined);
}

/** A further cause of what came to light only after Kubernetes had called the rollout complete. */
export function withoutReadinessProbe({ rollout }: Case): Cause | undefined {
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
    message: `Container ${container.name} has no readiness probe: Kubernetes called its pods ready as soon as they ran, and the rollout complete although it does not work.`,
    evidence: [],
    remedy: `Give container ${container.name} a readiness probe that asks whether it can serve.`,
    patch: hasHandler
      ? patchOfContainer(rollout, container, { readinessProbe: { ...handler, periodSeconds: 5 } })
      : undefined,
  };
}
