// A probe that asks a path that the application does not know. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { failingProbe, fieldOf, nameProbe, PROBE_REASONS } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** Statuses by which a server says that it does not know the path, or not by GET. */
const UNKNOWN_PATH: ReadonlySet<number> = new Set([404, 405, 410]);

export const probePathNotServed: Classifier = {
  recognises: ["ProbePathNotServed"],
  explains: PROBE_REASONS,
  classify: (of) => {
    const failing = failingProbe(of);
    const status = failing?.failure?.status;
    if (!failing || status === undefined || !UNKNOWN_PATH.has(status)) return undefined;
    const { probe, probeBefore, container, which } = failing;
    const path = probe.path ?? "/";
    const former =
      probeBefore?.path !== undefined && probeBefore.path !== path ? probeBefore.path : undefined;
    return {
      class: "ProbePathNotServed",
      certainty: "Certain",
      message: `The application answers ${nameProbe(failing)} with HTTP ${status}: it does not serve ${path}${former === undefined ? "" : `; ${former} worked before`}.`,
      evidence: quoted(of, /statuscode/i),
      remedy:
        former === undefined
          ? `Serve ${path} in container ${container.name}, or point its ${which} probe at a path that it serves.`
          : `Point the ${which} probe of container ${container.name} at ${former} again, or serve ${path}.`,
      patch:
        former === undefined
          ? undefined
          : patchOfContainer(of.rollout, container, { [fieldOf(which)]: { httpGet: { path: former } } }),
    };
  },
};
