// The cluster says itself who keeps the pods from starting, and it is not the release: a webhook, a registry, a driver, a quota. Pure.

import { differsIn } from "../../changes/differs-in.ts";
import type { FailingFinding } from "../../decision.ts";
import { nameRevision } from "../../history/revisions.ts";
import { isAboutRegistry, isUncheckedDenial, THROTTLED } from "../../rollout/complaints.ts";
import { pullsAsBefore } from "../../rollout/image-places.ts";
import { isAboutPlacement } from "../../rollout/placement.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { RevisionView } from "../../snapshot/revision.ts";
import type { Objection } from "./objection.ts";
import { needsNewPods } from "./same-reference.ts";

export const externalCause: Objection = (rollout, headline, target) => {
  const words = [headline.message, ...headline.evidence].join("\n");
  return (
    webhook(words) ??
    uncheckedPods(headline) ??
    registry(rollout, headline, words) ??
    driver(rollout, target, words) ??
    quota(rollout, target, words) ??
    noRoom(rollout, headline, target)
  );
};

function webhook(words: string): string | undefined {
  const name = /failed (?:calling|to call) webhook "?([^":\s]+)"?/i.exec(words)?.[1];
  return (
    name &&
    `Admission webhook ${name} does not respond, so no pods can be created for any revision. The release is not the cause.`
  );
}

/** A webhook that cannot check pods denies those of every revision. */
function uncheckedPods({ message }: FailingFinding): string | undefined {
  if (!isUncheckedDenial(message)) return undefined;
  const name = /admission webhook "([^"]+)" denied/i.exec(message)?.[1] ?? "?";
  return `Admission webhook ${name} denies pods because a server that it asks does not respond. The release is not the cause.`;
}

/** Where service is lost the old image is worth a try: most nodes still have it. */
function registry(
  rollout: Rollout,
  { reason, pods = [] }: FailingFinding,
  words: string,
): string | undefined {
  if (reason !== "ImagePullFailing" || rollout.loss.share > 0) return undefined;
  if (THROTTLED.test(words))
    return "The registry throttles pulls or fails. The release is not the cause, and the kubelet keeps retrying.";
  const isUnchanged = pods.length > 0 && pods.every((pod) => pullsAsBefore(rollout, pod));
  return isUnchanged && isAboutRegistry(words)
    ? "The registry does not respond or denies access, to the same repository as before and with the same credentials. The release is not the cause."
    : undefined;
}

/** A driver or a network plugin of the node; not one that this release was the first to ask for. */
function driver({ revision }: Rollout, target: RevisionView, words: string): string | undefined {
  if (JSON.stringify(target.template.volumes) !== JSON.stringify(revision.template.volumes)) return undefined;
  const name = /driver name (\S+) not found in the list of registered CSI drivers/i.exec(words)?.[1];
  if (name) return `CSI driver ${name} is not registered on the node. The release is not the cause.`;
  return /FailedCreatePodSandBox/.test(words) &&
    !differsIn(SANDBOX_FIELDS, revision.template, target.template)
    ? "The node cannot create pod sandboxes (network plugin or container runtime). The release is not the cause."
    : undefined;
}

/** The fields of a pod that its sandbox is made from. */
const SANDBOX_FIELDS = [
  "runtimeClassName",
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "hostUsers",
  "hostname",
  "dnsConfig",
  "dnsPolicy",
  "securityContext",
  "shareProcessNamespace",
];

/** A quota that the old revision meets as well. */
function quota(rollout: Rollout, target: RevisionView, words: string): string | undefined {
  const name = /exceeded quota: ([^\s,"]+)/i.exec(words)?.[1];
  if (!name || !needsNewPods(rollout, target)) return undefined;
  const exceeded = exceededNames(words);
  const resources = ({ template }: RevisionView) =>
    JSON.stringify(
      template.containers.map((one) => one.resources.filter((line) => concerns(line, exceeded))),
    );
  return resources(target) === resources(rollout.revision)
    ? `Quota ${name} is used up, and ${nameRevision(target)} requests the same resources.`
    : undefined;
}

/** What the quota counts and has no room for, as in "requested: limits.cpu=2,pods=1, used: …"; empty when it does not say. */
function exceededNames(words: string): readonly string[] {
  const [, list = ""] = /requested: ((?:[^\s,=]+=[^\s,]+,?)+)/.exec(words) ?? [];
  return list
    .split(",")
    .map((each) => each.replace(/=.*/, ""))
    .filter((name) => name !== "");
}

/** A quota's "cpu" is the request; a number of objects is the same for all revisions. */
function concerns(line: string, exceeded: readonly string[]): boolean {
  if (exceeded.length === 0) return true;
  return exceeded.some((name) => line.startsWith(`${name}=`) || line.startsWith(`requests.${name}=`));
}

/** The cluster is short of room for pods that ask for what the old ones asked for. */
function noRoom(
  { revision }: Rollout,
  { reason, pods = [] }: FailingFinding,
  target: RevisionView,
): string | undefined {
  const isRejected = reason === "PodRejected" && pods.every((pod) => isAboutPlacement(pod.reason));
  const isAboutRoom = reason === "Unschedulable" || isRejected;
  if (!isAboutRoom || target.template.schedulingKey !== revision.template.schedulingKey) return undefined;
  return `${nameRevision(target)} has the same scheduling requirements: the cluster lacks capacity, or its nodes have changed.`;
}
