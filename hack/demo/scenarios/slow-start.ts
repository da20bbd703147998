// A good version that takes its time: it listens only after 20 s, and looks just like a broken one until then.
import { deploymentOf, guardOf, serviceOf } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const application = "search";

export const slowStart: Scenario = {
  name: "slow-start",
  title: "slow but healthy; must not be rolled back",
  given: {
    application,
    manifests: [
      deploymentOf({ application, image: "search:5.0.0" }),
      serviceOf(application),
      guardOf(application),
    ],
    images: { "search:5.1.0": { START_DELAY: "20s" } },
  },
  when: {
    person: "apply search 5.1.0, which loads its index for 20 s before it listens",
    apply: deploymentOf({ application, image: "search:5.1.0" }),
  },
  expected: { outcome: "leftAlone" },
};
