import { appWith, aVariable } from "../testing/a-template.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { changing, withOldReferences } from "../testing/facts.ts";
import { objectMissing } from "./object-missing.ts";

describe("objectMissing", () => {
  itRecognises(objectMissing, {
    "a Secret that is not there": {
      reason: "ContainerConfigError",
      says: 'secret "databse" not found',
      facts: [
        withOldReferences(appWith({ env: [aVariable("DATABASE_URL", "Secret/database key url")] })),
        changing(appWith({ env: [aVariable("DATABASE_URL", "Secret/databse key url", 2)] })),
      ],
      cause: "SecretMissing",
      certainty: "Certain",
      names:
        /Secret databse does not exist, and env DATABASE_URL of container app needs it; the rollout added.*with key url/,
      patch: /"secretKeyRef":\{"name":"database","key":"url"\}/,
    },
    "a ConfigMap that is not there": {
      reason: "ContainerConfigError",
      says: 'MountVolume.SetUp failed for volume "config" : configmap "web" not found',
      facts: [changing((template) => ({ ...template, volumes: ["config: ConfigMap/web"] }))],
      cause: "ConfigMapMissing",
      certainty: "Certain",
      names: /ConfigMap web does not exist, and volume config needs it.*Create ConfigMap web/,
    },
    "a key that is not there": {
      reason: "ContainerConfigError",
      says: "couldn't find key url in Secret shop/database",
      facts: [changing(appWith({ env: [aVariable("DATABASE_URL", "Secret/database key url")] }))],
      cause: "KeyMissing",
      certainty: "Certain",
      names:
        /Secret database has no key url, and env DATABASE_URL of container app.*Add key url to Secret database/,
    },
    "a key of a volume that is not there": {
      reason: "ContainerConfigError",
      says: 'MountVolume.SetUp failed for volume "tls" : references non-existent secret key: tls.crt',
      facts: [changing((template) => ({ ...template, volumes: ["tls: Secret/certificate"] }))],
      cause: "KeyMissing",
      certainty: "Certain",
      names: /Secret certificate has no key tls\.crt/,
    },
  });
});
