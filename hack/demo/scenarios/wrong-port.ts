// The containerPort and the readiness probe move to a port on which the application does not listen.
import { deploymentOf, guardOf, serviceOf } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const application = "sre-app";

export const wrongPort: Scenario = {
  name: "wrong-port",
  title: "the readiness probe uses the wrong port",
  given: {
    application,
    manifests: [
      deploymentOf({ application, image: "sre-app:1.0.0" }),
      serviceOf(application),
      guardOf(application),
    ],
    images: {},
  },
  when: {
    person: "apply sre-app 1.1.0, with containerPort and readiness probe moved from 8080 to 80",
    apply: deploymentOf({ application, image: "sre-app:1.1.0", port: 80 }),
  },
  expected: { outcome: "rolledBack", reason: "NotReady" },
};
