import { labels } from "../testing/a-template.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { changing, withService } from "../testing/facts.ts";
import { serviceSelectorMismatch } from "./service-selector-mismatch.ts";

describe("serviceSelectorMismatch", () => {
  itRecognises(serviceSelectorMismatch, {
    "a label that the rollout took away": {
      reason: "EmptyEndpoints",
      facts: [changing(labels({ app: "checkout" }))],
      cause: "ServiceSelectorMismatch",
      certainty: "Certain",
      names: /new pods lost tier=backend, which Service checkout selects on.*Add tier=backend to the labels/,
      patch: /"labels":\{"tier":"backend"\}/,
    },
    "a label with another value": {
      reason: "EmptyEndpoints",
      facts: [changing(labels({ app: "checkout", tier: "front" }))],
      cause: "ServiceSelectorMismatch",
      certainty: "Certain",
      names: /lost tier=backend, they have tier=front/,
    },
    "a selector that never matched": {
      reason: "EmptyEndpoints",
      facts: [withService({ selector: { app: "checkout", zone: "a" } })],
      cause: "ServiceSelectorMismatch",
      certainty: "Certain",
      names:
        /Service checkout selects on zone=a, which the pods do not have.*or remove them from the selector of Service checkout/,
    },
  });
});
