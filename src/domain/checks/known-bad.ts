// A release that was rolled back before is put back: it is known to be bad, and nobody has to be hurt by it again. Pure.
import type { Finding } from "../decision.ts";
import { type KnownBad, knownBad } from "../history/known-bad.ts";
import { nameRevision } from "../history/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { fault, groundsIn, healthy } from "./fault.ts";

/**
 * The same release fails at once. One that is nearly the same, or whose image can be another one by now, fails at the first sign
 * of the same trouble: what was left over, or the new image, can be what it lacked. As soon as a pod of it is ready, it
 * proves itself, and the other checks say how it is.
 * @param findings what the other checks say
 */
export function knownBadFinding(rollout: Rollout, findings: readonly Finding[]): Finding {
  const { snapshot, history, revision, policy, completedAt, startedAt } = rollout;
  if (!policy.spec.checks.knownBad.enabled || completedAt !== undefined) return healthy("knownBad");
  if (snapshot.pods.some((pod) => pod.revisionId === revision.id && pod.isReady)) return healthy("knownBad");
  const known = knownBad(snapshot, history, revision);
  if (known === undefined) return healthy("knownBad");
  const sign = isTheSame(known) ? undefined : firstSign(known, findings);
  if (!isTheSame(known) && sign === undefined) return healthy("knownBad");
  const found = fault("KnownBad", sentence(rollout, known), [
    `Incident ${known.incident.name}: ${known.incident.spec.message}`,
    ...(sign ? [`first sign: ${sign.message}`, ...sign.evidence] : []),
  ]);
  const restsOn = groundsIn(rollout, ...(sign?.restsOn ?? []));
  return { check: "knownBad", verdict: "failing", ...found, restsOn, sinceAt: startedAt };
}

function isTheSame({ leftovers, failed }: KnownBad): boolean {
  return leftovers.length === 0 && failed.template.containers.every(({ image }) => isFixed(image));
}

/** Whether an image's name always means the same image, as far as a name can say. */
function isFixed(image: string): boolean {
  const tag = /:([^/:@]+)$/.exec(image)?.[1];
  return image.includes("@") || (tag !== undefined && tag !== "latest");
}

/** What the check says that found it to fail. Readiness is no sign: every pod begins unready. */
function firstSign({ incident }: KnownBad, findings: readonly Finding[]) {
  const [found] = incident.spec.findings;
  return findings.find(
    (finding): finding is Extract<Finding, { verdict: "pending" }> =>
      finding.verdict === "pending" && finding.check === found?.check && finding.check !== "readiness",
  );
}

function sentence({ revision }: Rollout, { incident, failed, leftovers }: KnownBad): string {
  const name = nameRevision(failed);
  const likeness = revision.hash === failed.hash ? name : `the release of ${name}`;
  const more =
    leftovers.length > 0 ? `, with fields left over from the restored revision: ${leftovers.join(", ")}` : "";
  return `${likeness} was rolled back before (Incident ${incident.name}: ${incident.spec.reason}) and was applied again${more}`;
}
