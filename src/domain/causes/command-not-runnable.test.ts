import { appWith } from "../testing/a-template.ts";
import { crashes, itRecognises } from "../testing/expect-cause.ts";
import { changing } from "../testing/facts.ts";
import { commandNotRunnable } from "./command-not-runnable.ts";

describe("commandNotRunnable", () => {
  itRecognises(commandNotRunnable, {
    "a command that is not in the image": {
      reason: "ContainerConfigError",
      says: 'container app: RunContainerError: failed to start containerd task: exec: "serve": executable file not found in $PATH',
      facts: [changing(appWith({ commandKey: "another" }))],
      cause: "CommandNotRunnable",
      certainty: "Certain",
      names:
        /command serve of container app is not in the image; the rollout changed its command or arguments/,
    },
    "a shell that does not find it": {
      reason: "CrashLooping",
      facts: [crashes({ restarts: 3, exitCode: 127 })],
      cause: "CommandNotRunnable",
      certainty: "Likely",
      names: /container app is not in the image \(exit code 127\)/,
    },
    "an image for other machines": {
      reason: "CrashLooping",
      facts: [crashes({ restarts: 3, message: "exec /app: exec format error" })],
      cause: "CommandNotRunnable",
      certainty: "Certain",
      names: /another architecture.*for the architecture/,
    },
  });
});
