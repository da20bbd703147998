import { crashes, itRecognises } from "../testing/expect-cause.ts";
import { containerCrashes } from "./container-crashes.ts";

describe("containerCrashes", () => {
  itRecognises(containerCrashes, {
    "an exit that nobody explains": {
      reason: "CrashLooping",
      facts: [crashes({ restarts: 3, exitCode: 139 })],
      cause: "ContainerCrashes",
      certainty: "Likely",
      names: /code 139 \(SIGSEGV.*image \(registry\.example\/checkout:1 → registry\.example\/checkout:2\)/,
    },
    "last words": {
      reason: "CrashLooping",
      facts: [crashes({ restarts: 3, message: "no such table: orders" })],
      cause: "ContainerCrashes",
      certainty: "Certain",
      names: /with the last message: no such table: orders/,
    },
  });
});
