// A version whose answers take 3 to 8 s. Its probes are quick, so it is healthy for Kubernetes and the rollout completes.
import { deploymentOf, guardOf, serviceOf } from "./manifests.ts";
import type { Scenario } from "./scenario.ts";

const application = "catalog";

export const slowAnswers: Scenario = {
  name: "slow-answers",
  title: "answers take 3 to 8 s; healthy for Kubernetes",
  given: {
    application,
    manifests: [
      deploymentOf({ application, image: "catalog:1.8.0" }),
      serviceOf(application),
      guardOf(application, {
        http: [{ name: "home", path: "/", interval: "5s", timeout: "4s", slowerThan: "2s" }],
      }),
    ],
    images: {
      "catalog:1.8.0": { LATENCY: "20ms" },
      "catalog:1.9.0": { LATENCY: "3s-8s" },
    },
  },
  when: {
    person: "apply catalog 1.9.0, which waits 3 to 8 s before each answer to a user",
    apply: deploymentOf({ application, image: "catalog:1.9.0" }),
  },
  expected: { outcome: "rolledBack", reason: "AnswersSlow" },
};
