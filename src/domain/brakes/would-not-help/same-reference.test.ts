import { failing } from "../../testing/a-finding.ts";
import { references } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection } from "../../testing/expect-objection.ts";
import { withOldPods, withOldReferences } from "../../testing/facts.ts";
import { aRollout } from "../../testing/scene.ts";
import { sameReference } from "./same-reference.ts";

const missing = (message: string) => failing("ContainerConfigError", { message });
const noneLeft = withOldPods(0);

describe("a missing object that the good revision needs too", () => {
  it("is no reason to roll back: its new pods would not start either", () => {
    const words: Readonly<Record<string, string>> = {
      'secret "database" not found': "also needs Secret/database",
      'MountVolume.SetUp failed: configmap "settings" not found': "also needs ConfigMap/settings",
    };
    for (const [message, says] of Object.entries(words)) {
      expectObjection(sameReference, missing(message), aRollout(noneLeft), says);
    }
    const claim = withOldReferences(references("PersistentVolumeClaim/data"));
    const scheduling = failing("Unschedulable", { message: 'persistentvolumeclaim "data" not found' });
    expectObjection(sameReference, scheduling, aRollout(claim, noneLeft), "PersistentVolumeClaim/data");
  });

  it("is found in the evidence too", () => {
    const deadline = failing("ProgressDeadlineExceeded", {
      message: "no progress",
      evidence: ["Event FailedMount on a pod: no volume", 'secret "database" not found'],
    });
    expectObjection(sameReference, deadline, aRollout(noneLeft), "Secret/database");
  });

  it("is one while enough of its pods still run: going back makes no new ones", () => {
    expectNoObjection(sameReference, missing('secret "database" not found'), aRollout(withOldPods(3)));
    expectObjection(sameReference, missing('secret "database" not found'), aRollout(withOldPods(2)));
  });

  it("is one where it needs another object, or only a key is missing: it may not ask for that", () => {
    const other = withOldReferences(references("Secret/old-database"));
    expectNoObjection(sameReference, missing('secret "database" not found'), aRollout(other, noneLeft));
    const key = missing("couldn't find key URL in Secret shop/database");
    expectNoObjection(sameReference, key, aRollout(noneLeft));
  });

  it("says nothing of findings that are not about missing objects", () => {
    const crash = failing("CrashLooping", { message: 'it wrote: secret "database" not found' });
    expectNoObjection(sameReference, crash, aRollout(noneLeft));
  });
});
