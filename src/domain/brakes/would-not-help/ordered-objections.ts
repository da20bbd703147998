// All objections, in the order in which they are asked: what is known of the two revisions first, the rest of the cluster last. Pure.
import { capital } from "../../history/revisions.ts";
import { RECHECK_MS } from "../../rollout/progress.ts";
import type { BrakeRule } from "../brake-rule.ts";
import { externalCause } from "./external-cause.ts";
import { failingBaseline } from "./failing-baseline.ts";
import { failingOldPods } from "./failing-old-pods.ts";
import { injectedContainer } from "./injected-container.ts";
import { notRecoveredBefore } from "./not-recovered-before.ts";
import type { Objection } from "./objection.ts";
import { onlyRestarted } from "./only-restarted.ts";
import { outage } from "./outage.ts";
import { sameImage } from "./same-image.ts";
import { sameReference } from "./same-reference.ts";
import { sameService } from "./same-service.ts";
import { unservedService } from "./unserved-service.ts";
import { unwrittenEndpoints } from "./unwritten-endpoints.ts";

const ORDERED_OBJECTIONS: readonly Objection[] = Object.freeze([
  onlyRestarted, // both are the same release
  sameService, // the Service selects neither
  unwrittenEndpoints, // nobody has written the endpoints
  unservedService, // the Service was changed with the release
  sameImage, // both need the image
  sameReference, // both need the missing object
  injectedContainer, // the container is not the release's
  externalCause, // the cluster says itself who is to blame
  failingOldPods, // the old version fails as well
  failingBaseline, // and did so before
  notRecoveredBefore, // going back to it was tried
  outage, // many fail at once
]);

export const wouldNotHelp: BrakeRule = (rollout, headline, now) => {
  const { restore } = rollout;
  if ("none" in restore) return undefined;
  for (const objection of ORDERED_OBJECTIONS) {
    const message = objection(rollout, headline, restore.revision, now);
    // What lies outside the workload says to nobody when it ends: look again.
    if (message) return { reason: "WouldNotHelp", message: capital(message), untilAt: now + RECHECK_MS };
  }
  return undefined;
};
