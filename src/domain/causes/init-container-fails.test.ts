import { crashed } from "../testing/a-pod.ts";
import { extraContainer } from "../testing/a-template.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { changing, withPods } from "../testing/facts.ts";
import { initContainerFails } from "./init-container-fails.ts";

describe("initContainerFails", () => {
  itRecognises(initContainerFails, {
    "an init container that fails": {
      reason: "InitContainerFailing",
      facts: [
        changing(extraContainer("migrate", "init")),
        withPods(3, crashed({ container: "migrate", restarts: 3, exitCode: 3 })),
      ],
      cause: "InitContainerFails",
      certainty: "Certain",
      names: /Init container migrate exits with code 3 .*the rollout added it.*logs of container migrate/,
    },
  });
});
