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
  description: "How old it is.",
};

export const CUSTOM_RESOURCES: readonly CustomResource[] = [
  {
    kind: ROLLOUT_GUARD_KIND,
    plural: ROLLOUT_GUARD_PLURAL,
    singular: "rolloutguard",
    shortName: "rg",
    description:
      "A RolloutGuard watches the rollouts of one Deployment. When a rollout makes it fail, an Incident is recorded and the last good revision is restored.",
    spec: { description: "What is guarded, and how. You write it.", schema: rolloutGuardSpecSchema },
    status: {
      description: "Where the guarded rollout stands. The operator writes it.",
      schema: rolloutGuardStatusSchema,
    },
    columns: [
      {
        name: "Target",
        type: "string",
        jsonPath: ".spec.target.name",
        description: "The guarded Deployment.",
      },
      { name: "Mode", type: "string", jsonPath: ".spec.mode", description: "Rollback, or Observe only." },
      { name: "Phase", type: "string", jsonPath: ".status.phase", description: "Where the rollout stands." },
      {
        name: "Reason",
        type: "string",
        jsonPath: '.status.conditions[?(@.type=="Healthy")].reason',
        description: "Why it stands there.",
      },
      {
        name: "Image",
        type: "string",
        jsonPath: ".status.current.images[0]",
        description: "The image of the first container that the Deployment asks for.",
      },
      {
        name: "Last Incident",
        type: "string",
        jsonPath: ".status.lastIncident",
        description: "The newest Incident; read it with kubectl describe incident.",
      },
      AGE,
      {
        name: "Ready",
        type: "string",
        jsonPath: '.status.conditions[?(@.type=="Ready")].status',
        description: "Whether the guard can do its work.",
        priority: 1,
      },
      {
        name: "Revision",
        type: "integer",
        jsonPath: ".status.current.revision",
        description: "The number of the current revision.",
        priority: 1,
      },
      {
        name: "Last Good",
        type: "integer",
        jsonPath: ".status.lastGood.revision",
        description: "The number of the revision that a rollback would restore.",
        priority: 1,
      },
      {
        name: "Rollbacks",
        type: "integer",
        jsonPath: ".status.rollbacks",
        description: "How many rollbacks the guard has made.",
        priority: 1,
      },
      {
        name: "Message",
        type: "string",
        jsonPath: '.status.conditions[?(@.type=="Healthy")].message',
        description: "The reason in a sentence.",
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
      "An Incident is the record of one failed rollout: what failed and why, what was done about it, and how it ended. The operator writes it; it outlives the Deployment.",
    spec: {
      description: "The facts, fixed when the Incident was opened. The operator writes them.",
      schema: incidentSpecSchema,
    },
    status: {
      description: "What was done about it, and how it went. The operator writes it.",
      schema: incidentStatusSchema,
    },
    columns: [
      {
        name: "Target",
        type: "string",
        jsonPath: ".spec.target.name",
        description: "The Deployment that failed.",
      },
      { name: "Phase", type: "string", jsonPath: ".status.phase", description: "Where the Incident stands." },
      { name: "Reason", type: "string", jsonPath: ".spec.reason", description: "Why the rollout failed." },
      {
        name: "Cause",
        type: "string",
        jsonPath: ".status.cause",
        description: "The class of the root cause.",
      },
      {
        name: "From",
        type: "integer",
        jsonPath: ".spec.failedRevision.revision",
        description: "The number of the revision that failed.",
      },
      {
        name: "To",
        type: "integer",
        jsonPath: ".spec.restoreRevision.revision",
        description: "The number of the revision to restore; empty when there was none.",
      },
      {
        name: "Detect s",
        type: "integer",
        jsonPath: ".status.secondsToDetect",
        description: "Seconds from the beginning of the rollout to the verdict.",
      },
      {
        name: "Recover s",
        type: "integer",
        jsonPath: ".status.secondsToRecover",
        description: "Seconds from the verdict to restored service.",
      },
      AGE,
      {
        name: "Brake",
        type: "string",
        jsonPath: ".status.brake.reason",
        description: "Why nothing is done, when nothing is done.",
        priority: 1,
      },
      {
        name: "Root Cause",
        type: "string",
        jsonPath: ".status.rootCause",
        description: "The root cause in a sentence.",
        priority: 1,
      },
      {
        name: "Message",
        type: "string",
        jsonPath: ".status.message",
        description: "Where it stands, in a sentence.",
        priority: 1,
      },
    ],
  },
];
