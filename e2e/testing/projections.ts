// Every projection, with sound objects of the kind that it reads.
import type { RawObject } from "../../src/kube/objects.ts";
import { projectEndpointSlice, projectEndpoints } from "../../src/kube/projections/endpoint-slice.ts";
import { projectEvent } from "../../src/kube/projections/event.ts";
import { projectGuard } from "../../src/kube/projections/guard.ts";
import { projectIncident } from "../../src/kube/projections/incident.ts";
import { projectPod } from "../../src/kube/projections/pod.ts";
import { projectService } from "../../src/kube/projections/service.ts";
import type { ResourceName } from "../../src/kube/resources.ts";
import { rawGuard, rawIncident, rawUndo } from "../../src/kube/testing/raw-objects.ts";
import { projectDeployment } from "../../src/kube/workloads/deployment/project-deployment.ts";
import { projectReplicaSet } from "../../src/kube/workloads/deployment/project-replica-set.ts";
import { INVOLVED_KINDS, revisionIdOf } from "../../src/kube/workloads/ports-by-kind.ts";
import { RECORDINGS, recordedObjects } from "./hostile-objects.ts";

const REFERENCE = { hash: "a", revision: 1, images: ["web:1"] };
const GUARD = rawGuard("guard", "web", {
  spec: { services: ["web"], checks: { readiness: { patience: "1m" } }, limits: { maxRollbacks: 2 } },
  status: {
    phase: "Healthy",
    conditions: [
      {
        type: "Ready",
        status: "True",
        lastTransitionTime: "2026-03-01T10:00:00Z",
        reason: "Watching",
        message: "",
      },
    ],
    current: { ...REFERENCE, since: "2026-03-01T10:00:00Z" },
    revisions: [{ ...REFERENCE, verdict: "Good", since: "2026-03-01T10:00:00Z" }],
    services: ["web"],
  },
});
const INCIDENT = rawIncident("web-b", "web", {
  phase: "Recovered",
  message: "it serves again",
  timeline: [{ at: "2026-03-01T10:00:00Z", what: "Held", message: "held" }],
  steps: [rawUndo("web", { from: "b", to: "a", startedAt: "2026-03-01T10:01:00Z" })],
});

const recorded = (resource: ResourceName): RawObject[] =>
  RECORDINGS.flatMap((recording) =>
    recordedObjects(recording)
      .filter((line) => line.resource === resource)
      .map(({ object }) => object),
  );

type Projection = (object: RawObject, previous: never, at: number) => unknown;
/** A projection of each resource, and what it is tried with. */
export const PROJECTIONS: readonly (readonly [ResourceName, Projection, readonly RawObject[]])[] = [
  ["rolloutguards", projectGuard, [GUARD]],
  ["incidents", projectIncident, [INCIDENT]],
  ["deployments", projectDeployment, recorded("deployments")],
  ["replicasets", projectReplicaSet, recorded("replicasets")],
  [
    "pods",
    (object, previous, at) => projectPod(object, revisionIdOf(object) ?? "", previous, at),
    recorded("pods"),
  ],
  ["services", projectService, recorded("services")],
  ["endpointslices", projectEndpointSlice, recorded("endpointslices")],
  ["endpoints", projectEndpoints, recorded("endpoints")],
  ["events", (object) => projectEvent(object, INVOLVED_KINDS), recorded("events")],
];
