// The new pod template lost a label that the Service selects on: all pods are ready, and nobody reaches them.
import { deploymentOf, guardOf, serviceOf } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const application = "inference-api";
const tier = { tier: "backend" };

export const labelMismatch: Scenario = {
  name: "label-mismatch",
  title: "healthy pods behind an empty Service",
  given: {
    application,
    manifests: [
      deploymentOf({ application, image: "inference-api:1.0.0", podLabels: tier }),
      serviceOf(application, tier),
      guardOf(application),
    ],
    images: {},
  },
  when: {
    person: "apply inference-api 1.1.0, whose pod template lost the label tier=backend",
    apply: deploymentOf({ application, image: "inference-api:1.1.0" }),
  },
  expected: { outcome: "rolledBack", reason: "EmptyEndpoints" },
};
