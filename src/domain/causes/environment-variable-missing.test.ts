import { appWith, aVariable } from "../testing/a-template.ts";
import { crashes, itRecognises } from "../testing/expect-cause.ts";
import { changing, withOldReferences } from "../testing/facts.ts";
import { environmentVariableMissing } from "./environment-variable-missing.ts";

describe("environmentVariableMissing", () => {
  itRecognises(environmentVariableMissing, {
    "a variable that the application misses": {
      reason: "CrashLooping",
      facts: [
        withOldReferences(appWith({ env: [aVariable("DATABASE_URL", "Secret/database key url")] })),
        changing(appWith({ env: [] })),
        crashes({ restarts: 3, message: "Error: DATABASE_URL environment variable not set" }),
      ],
      cause: "EnvironmentVariableMissing",
      certainty: "Certain",
      names:
        /DATABASE_URL is not set.*removed it from container app.*Set env DATABASE_URL in container app, from Secret\/database key url as before/,
      patch:
        /"env":\[\{"name":"DATABASE_URL","valueFrom":\{"secretKeyRef":\{"name":"database","key":"url"\}\}\}\]/,
    },
    "a variable that went, of an application that says nothing": {
      reason: "CrashLooping",
      facts: [changing(appWith({ env: [aVariable("LOG_LEVEL")] })), crashes({ restarts: 3 })],
      cause: "EnvironmentVariableMissing",
      certainty: "Likely",
      names: /no longer sets DATABASE_URL for container app/,
    },
  });
});
