import { itRecognises, refuses } from "../testing/expect-cause.ts";
import { webhookUnavailable } from "./webhook-unavailable.ts";

describe("webhookUnavailable", () => {
  itRecognises(webhookUnavailable, {
    "a webhook that does not answer": {
      ...refuses('Internal error occurred: failed calling webhook "images.example": connection refused'),
      cause: "EnvironmentTrouble",
      certainty: "Certain",
      names: /webhook images\.example does not respond/,
    },
  });
});
