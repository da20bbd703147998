// ReplicaSets: raw JSON → RevisionView, together with the Deployment that controls it.
import { fingerprintsOfTemplate, hostFingerprintsOf } from "../../masking/pod-fingerprints.ts";
import { masked } from "../../masking/pod-masking.ts";
import { asInteger, asObject, metaOf, type RawObject } from "../../objects.ts";
import { projectConditions } from "../../projections/condition.ts";
import { deepFreeze } from "../../projections/deep-freeze.ts";
import { HASH_LABEL, projectTemplate, templateKeys } from "../../projections/template.ts";
import type { OwnedRevision } from "../owned-revision.ts";
import { revisionNumber } from "./revision-number.ts";

const CHANGE_CAUSE = "kubernetes.io/change-cause";

/**
 * The revision, or undefined for a ReplicaSet that no Deployment controls. The template view of `previous`,
 * the same ReplicaSet seen earlier, is kept when the template is the same.
 */
export function projectReplicaSet(object: RawObject, previous?: OwnedRevision): OwnedRevision | undefined {
  const meta = metaOf(object);
  const owner = meta.controller;
  if (owner?.kind !== "Deployment") return undefined;
  const spec = asObject(object.spec);
  const status = asObject(object.status);
  const keys = templateKeys(spec.template);
  const isSameTemplate = previous?.view.templateKey === keys.templateKey;
  const changeCause = meta.annotations[CHANGE_CAUSE];
  const valueFingerprints = isSameTemplate
    ? previous.valueFingerprints
    : fingerprintsOfTemplate(spec.template);
  return deepFreeze({
    owner: { kind: "Deployment", name: owner.name, uid: owner.uid },
    valueFingerprints,
    hostFingerprints: isSameTemplate ? previous.hostFingerprints : hostFingerprintsOf(spec.template),
    view: {
      hash: hashIn(meta.labels) ?? hashFromName(meta.name, owner.name),
      id: meta.uid,
      source: { kind: "ReplicaSet", name: meta.name, uid: meta.uid },
      revision: revisionNumber(meta.annotations) ?? 0,
      createdAt: meta.createdAt,
      isDeleting: meta.isDeleting,
      desiredReplicas: asInteger(spec.replicas, 1),
      replicas: asInteger(status.replicas),
      readyReplicas: asInteger(status.readyReplicas),
      availableReplicas: asInteger(status.availableReplicas),
      ...keys,
      template: isSameTemplate ? previous.view.template : projectTemplate(spec.template),
      changeCause: changeCause === undefined ? undefined : masked(changeCause, valueFingerprints),
      conditions: projectConditions(status, (text) => masked(text, valueFingerprints)),
    },
  });
}

/** The longest value of a label, and so the longest hash that specs and status can name. */
const LONGEST_HASH = 63;

/** The hash in the label, unless somebody has emptied or spoiled it. */
function hashIn(labels: Readonly<Record<string, string>>): string | undefined {
  const hash = labels[HASH_LABEL] ?? "";
  return hash.length <= LONGEST_HASH && /^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/.test(hash)
    ? hash
    : undefined;
}

/** The Deployment controller names a ReplicaSet "<deployment>-<hash>". */
function hashFromName(name: string, deployment: string): string {
  const hash = name.startsWith(`${deployment}-`) ? name.slice(deployment.length + 1) : name;
  return (hash || name).slice(-LONGEST_HASH);
}
