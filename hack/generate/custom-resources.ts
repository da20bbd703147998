// What there is to say about each custom resource beside its schema: names, and the columns of `kubectl get`.
import type { z } from "zod";
import {
  INCIDENT_KIND,
  INCIDENT_PLURAL,
  ROLLOUT_GUARD_KIND,
  ROLLOUT_GUARD_PLURAL,
} from "../../src/api/group.ts";
import { incidentSpecSchema, incidentStatusSchema } from "../../src/api/incident.ts";
import { rolloutGuardSpecSchema, rolloutGuardStatusSchema } from "../../src/api/rollout-guard.ts";

export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly jsonPath: string;
  readonly description: string;
  /** 1: only with `-o wide`. */
  readonly priority?: 1;
}

interface DescribedSchema {
  readonly description: string;
  readonly schema: z.ZodType;
}

export interface CustomResource {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: DescribedSchema;
  readonly status: DescribedSchema;
  readonly columns: readonly PrinterColumn[];
}

const AGE: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: "Time since creation.",
};

export const CUSTOM_RESOURCES: readonly CustomResource[] = [
  {
    kind: ROLLOUT_GUARD_KIND,
    plural: ROLLOUT_GUARD_PLURAL,
    singular: "rolloutguard",
    shortName: "rg",
    description:
      "RolloutGuard watches the rollouts of a Deployment. When a rollout fails, the operator records an Incident and rolls back to the last good revision.",
    spec: { description: "Workload to guard, and settings of the guard.", schema: rolloutGuardSpecSchema },
    status: {
      description: "Observed state of the guarded workload. Written by the operator.",
      schema: rolloutGuardStatusSchema,
    },
    columns: [
      {
        name: "Target",
        type: "string",
        jsonPath: ".spec.target.name",
        description: "Name of the guarded Deployment.",
      },
      { name: "Mode", type: "string", jsonPath: ".spec.mode", description: "Rollback or Observe." },
      {
        name: "Phase",
        type: "string",
        jsonPath: ".status.phase",
        description: "State of the guarded workload.",
      },
      {
        name: "Reason",
        type: "string",
        jsonPath: '.status.conditions[?(@.type=="Healthy")].reason',
        description: "Reason of the phase.",
      },
      {
        name: "Image",
        type: "string",
        jsonPath: ".status.current.images[0]",
        description: "Image of the first container of the Deployment.",
      },
      {
        name: "Last Incident",
        type: "string",
        jsonPath: ".status.lastIncident",
        description: "Newest Incident. Show it with kubectl describe incident.",
      },
      AGE,
      {
        name: "Ready",
        type: "string",
        jsonPath: '.status.conditions[?(@.type=="Ready")].status',
        description: "Whether the guard works.",
        priority: 1,
      },
      {
        name: "Revision",
        type: "integer",
        jsonPath: ".status.current.revision",
        description: "Number of the current revision.",
        priority: 1,
      },
      {
        name: "Last Good",
        type: "integer",
        jsonPath: ".status.lastGood.revision",
        description: "Number of the revision that a rollback would restore.",
        priority: 1,
      },
      {
        name: "Rollbacks",
        type: "integer",
        jsonPath: ".status.rollbacks",
        description: "Number of rollbacks.",
        priority: 1,
      },
      {
        name: "Message",
        type: "string",
        jsonPath: '.status.conditions[?(@.type=="Healthy")].message',
        description: "Description of the reason.",
        priority: 1,
      },
    ],
  },
  {
    kind: INCIDENT_KIND,
    plural: INCIDENT_PLURAL,
    singular: "incident",
    shortName: "inc",
    description:
      "Incident is the record of a failed rollout: what failed and why, which action was taken, and how it ended. Written by the operator. It is kept when the Deployment is deleted.",
    spec: {
      description: "Facts at the time at which the Incident was opened. Immutable.",
      schema: incidentSpecSchema,
    },
    status: {
      description: "Progress of the Incident. Written by the operator.",
      schema: incidentStatusSchema,
    },
    columns: [
      {
        name: "Target",
        type: "string",
        jsonPath: ".spec.target.name",
        description: "Name of the Deployment.",
      },
      { name: "Phase", type: "string", jsonPath: ".status.phase", description: "Phase of the Incident." },
      { name: "Reason", type: "string", jsonPath: ".spec.reason", description: "Why the rollout failed." },
      {
        name: "Cause",
        type: "string",
        jsonPath: ".status.cause",
        description: "Class of the root cause.",
      },
      {
        name: "From",
        type: "integer",
        jsonPath: ".spec.failedRevision.revision",
        description: "Number of the revision that failed.",
      },
      {
        name: "To",
        type: "integer",
        jsonPath: ".spec.restoreRevision.revision",
        description: "Number of the revision to roll back to. Empty if there was none.",
      },
      {
        name: "Detect s",
        type: "integer",
        jsonPath: ".status.secondsToDetect",
        description: "Seconds from the start of the rollout until the failure was detected.",
      },
      {
        name: "Recover s",
        type: "integer",
        jsonPath: ".status.secondsToRecover",
        description: "Seconds from detection until service was restored.",
      },
      AGE,
      {
        name: "Brake",
        type: "string",
        jsonPath: ".status.brake.reason",
        description: "Why there is no rollback. Set while a brake applies.",
        priority: 1,
      },
      {
        name: "Root Cause",
        type: "string",
        jsonPath: ".status.rootCause",
        description: "Description of the root cause.",
        priority: 1,
      },
      {
        name: "Message",
        type: "string",
        jsonPath: ".status.message",
        description: "Description of the phase.",
        priority: 1,
      },
    ],
  },
];
