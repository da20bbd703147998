import { appWith } from "../testing/a-template.ts";
import { crashes, itRecognises } from "../testing/expect-cause.ts";
import { changing } from "../testing/facts.ts";
import { memoryLimitExceeded } from "./memory-limit-exceeded.ts";

describe("memoryLimitExceeded", () => {
  itRecognises(memoryLimitExceeded, {
    "too little memory, which the rollout took away": {
      reason: "OutOfMemory",
      facts: [
        changing(appWith({ resources: ["limits.memory=64Mi"] })),
        crashes({ restarts: 3, reason: "OOMKilled", exitCode: 137 }),
      ],
      cause: "MemoryLimitExceeded",
      certainty: "Certain",
      names: /limit of 64Mi allows; the rollout changed the limit from 256Mi.*to 256Mi, as before/,
      patch: /"limits":\{"memory":"256Mi"\}/,
    },
    "too little memory as ever": {
      reason: "OutOfMemory",
      facts: [crashes({ restarts: 3, reason: "OOMKilled", exitCode: 137 })],
      cause: "MemoryLimitExceeded",
      certainty: "Certain",
      names: /limit of 256Mi/,
      patch: /"memory":"512Mi"/,
    },
  });
});
