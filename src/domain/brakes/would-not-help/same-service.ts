// The Service that lost its endpoints would not select the pods of the good revision either. Pure.
import { nameRevision } from "../../history/revisions.ts";
import { selects, unmatchedLabels } from "../../rollout/services.ts";
import type { Objection } from "./objection.ts";

export const sameService: Objection = (rollout, headline, target) => {
  if (headline.reason !== "EmptyEndpoints") return undefined;
  const empty = rollout.services.filter(({ readyEndpoints }) => readyEndpoints === 0);
  const hopeless = empty.find((service) => !selects(service, target.template.labels));
  if (!hopeless || empty.some((service) => selects(service, target.template.labels))) return undefined;
  const labels = unmatchedLabels(hopeless, target.template.labels);
  return (
    `Service ${hopeless.name} would not select the pods of ${nameRevision(target)} either` +
    `${labels.length > 0 ? ` (they lack ${labels.join(", ")})` : ""}. Change the selector of the Service.`
  );
};
