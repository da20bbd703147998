// The new version answers 500 on /healthz: a bug in the code, nothing in the manifest but the image has changed.
import { deploymentOf, guardOf, serviceOf } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const application = "web-frontend";

export const health500: Scenario = {
  name: "health-500",
  title: "/healthz returns 500",
  given: {
    application,
    manifests: [
      deploymentOf({ application, image: "web-frontend:3.2.0" }),
      serviceOf(application),
      guardOf(application),
    ],
    images: { "web-frontend:3.3.0": { HEALTH: "500" } },
  },
  when: {
    person: "apply web-frontend 3.3.0, whose health endpoint has a bug",
    apply: deploymentOf({ application, image: "web-frontend:3.3.0" }),
  },
  expected: { outcome: "rolledBack", reason: "NotReady" },
};
