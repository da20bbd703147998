// The new version needs DATABASE_URL, which nobody added to the manifest. Without probes its pods look Running.
import { deploymentOf, guardOf, serviceOf } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const application = "checkout-service";
const container = "checkout";

export const missingEnv: Scenario = {
  name: "missing-env",
  title: "crashes because DATABASE_URL is not set; no probes",
  given: {
    application,
    manifests: [
      deploymentOf({ application, container, image: "techflow/checkout-service:2.2.0", hasProbe: false }),
      serviceOf(application),
      guardOf(application),
    ],
    images: {
      "techflow/checkout-service:2.3.0": {
        REQUIRED_ENV: "DATABASE_URL",
        CRASH_AFTER: "1s",
        EXIT_MESSAGE: "Error: DATABASE_URL environment variable not set",
      },
    },
  },
  when: {
    person: "apply checkout-service 2.3.0, which needs DATABASE_URL, without setting it",
    apply: deploymentOf({
      application,
      container,
      image: "techflow/checkout-service:2.3.0",
      hasProbe: false,
    }),
  },
  expected: { outcome: "rolledBack", reason: "CrashLooping" },
};
