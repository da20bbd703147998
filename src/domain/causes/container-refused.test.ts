import { itRecognises } from "../testing/expect-cause.ts";
import { containerRefused } from "./container-refused.ts";

describe("containerRefused", () => {
  itRecognises(containerRefused, {
    "a user that the spec forbids": {
      reason: "ContainerConfigError",
      says: "container app: CreateContainerConfigError: container has runAsNonRoot and image will run as root",
      cause: "ContainerRefused",
      certainty: "Certain",
      names: /runAsNonRoot and image will run as root.*runAsUser/,
    },
  });
});
