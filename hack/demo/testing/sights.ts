// Looks at an application that is well; tests say only what is different.
import type { IncidentObject, RevisionSight, Sight } from "../sight.ts";

export const T0 = Date.parse("2026-11-21T06:00:00Z");

export const FIRST: RevisionSight = {
  hash: "first",
  image: "app:1",
  pods: 3,
  running: 3,
  ready: 3,
  failures: 0,
  lastExit: undefined,
};

/** The second revision with none of its pods ready. */
export const SECOND: RevisionSight = {
  ...FIRST,
  hash: "second",
  image: "app:2",
  pods: 2,
  running: 2,
  ready: 0,
};

/** `seconds` after T0. */
export function aSight(seconds: number, changes: Partial<Sight> = {}): Sight {
  return {
    at: T0 + seconds * 1_000,
    wanted: 3,
    rolledBackAt: undefined,
    endpoints: 3,
    newest: FIRST,
    probeFailure: undefined,
    guard: { reason: "RolloutGood", message: "Revision 1 (first) is healthy." },
    incidents: [],
    ...changes,
  };
}

/** An Incident that has just been opened, 25 s after T0. */
export function anIncident(changes: Partial<IncidentObject["status"]> = {}): IncidentObject {
  return {
    metadata: { name: "app-second", namespace: "production" },
    spec: {
      guard: { name: "app", uid: "g" },
      target: { kind: "Deployment", name: "app", uid: "d" },
      failedRevision: { hash: "second", revision: 2, images: ["app:2"] },
      restoreRevision: { hash: "first", revision: 1, images: ["app:1"] },
      action: "Undo",
      reason: "NotReady",
      message: "2 of 2 pods did not become ready",
      findings: [],
      rolloutStartedAt: "2026-11-21T06:00:00Z",
      detectedAt: "2026-11-21T06:00:25Z",
    },
    status: { phase: "Acting", message: "Rolling back.", timeline: [], ...changes },
  };
}

/** The same Incident after its rollback recovered the service. */
export function aRecoveredIncident(): IncidentObject {
  return anIncident({
    phase: "Recovered",
    message: "Revision 3 (first) is serving again.",
    steps: [
      {
        action: "Undo",
        object: { kind: "Deployment", name: "shop" },
        from: "second",
        to: "first",
        startedAt: "2026-11-21T06:00:25.1Z",
      },
    ],
    endedAt: "2026-11-21T06:00:31Z",
    secondsToDetect: 25,
    secondsToRecover: 6,
  });
}
