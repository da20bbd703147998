import { expect } from "chai";
import { failing } from "../../testing/a-finding.ts";
import { containerIs, type PodTrait } from "../../testing/a-pod.ts";
import { aRevision, GOOD } from "../../testing/a-revision.ts";
import { references } from "../../testing/a-template.ts";
import { expectNoObjection, expectObjection, objectionIn } from "../../testing/expect-objection.ts";
import {
  changing,
  withCurrent,
  withOldPods,
  withOldReferences,
  withOthers,
  withPods,
  withReferences,
} from "../../testing/facts.ts";
import { aRollout } from "../../testing/scene.ts";
import { onlyRestarted } from "./only-restarted.ts";

const headline = failing("NotReady");
const restart = withCurrent({ contentKey: GOOD.contentKey });
const annotated = (name: string, print: number) => ({ annotations: { [name]: print } }) as const;

describe("a release that is a restart", () => {
  it("is not rolled back: both are the same", () => {
    expectObjection(
      onlyRestarted,
      headline,
      aRollout(restart),
      "differs from the failing revision only by a restart",
    );
    expectNoObjection(onlyRestarted, headline, aRollout());
  });

  it("names the marks that make the difference, and says kubectl's name where there is none", () => {
    const mark = "reloader.stakater.com/last-reloaded-from";
    const scene = aRollout(
      restart,
      changing((template) => ({ ...template, ...annotated(mark, 2) })),
      withOldReferences((template) => ({ ...template, ...annotated(mark, 1) })),
    );
    expectObjection(onlyRestarted, headline, scene, `only by a restart (${mark})`);
    expectObjection(onlyRestarted, headline, aRollout(restart), "(kubectl rollout restart)");
  });

  it("points to the ConfigMaps and Secrets that may have changed", () => {
    expectObjection(
      onlyRestarted,
      headline,
      aRollout(restart),
      "contents of Secret/database, ConfigMap/settings",
    );
    const none = withReferences(references("PersistentVolumeClaim/data"));
    expect(objectionIn(onlyRestarted, headline, aRollout(restart, none))).to.match(
      /the cause is elsewhere\.$/,
    );
  });

  describe("whose image's tag moved", () => {
    const runs = (imageId: string): PodTrait => containerIs("app", { imageId });

    it("says so: a rollback does not bring the former image back", () => {
      const moved = aRollout(restart, withPods(3, runs("sha256:new")), withOldPods(3, runs("sha256:old")));
      expectObjection(
        onlyRestarted,
        headline,
        moved,
        "the tag of registry.example/checkout:2 now points to a different image",
      );
    });

    it("does not, where the pods run the same one, or nobody knows", () => {
      const same = aRollout(restart, withPods(3, runs("sha256:a")), withOldPods(3, runs("sha256:a")));
      expect(objectionIn(onlyRestarted, headline, same)).to.not.contain("now points to a different image");
      const unknown = aRollout(restart, withPods(3, runs("sha256:a")), withOldPods(0));
      expect(objectionIn(onlyRestarted, headline, unknown)).to.not.contain("now points to a different image");
    });
  });

  it("offers the newest older revision that differs", () => {
    const older = [aRevision("a", -2), aRevision("b", -1)];
    const scene = aRollout(restart, withOthers(GOOD, ...older));
    expectObjection(
      onlyRestarted,
      headline,
      scene,
      "kubectl rollout undo deployment/checkout -n shop --to-revision=-1",
    );
  });
});
