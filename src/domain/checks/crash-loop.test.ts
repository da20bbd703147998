import { expect } from "chai";
import {
  beingDeleted,
  containerIs,
  crashed,
  disrupted,
  evicted,
  notReadyYet,
  runningAgain,
  waitsFor,
} from "../testing/a-pod.ts";
import { extraContainer } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { andPods, changing, warned, withPods, withSpec } from "../testing/facts.ts";
import { later, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { crashLoop } from "./crash-loop.ts";

const init = changing(extraContainer("migrate", "init"));
const sidecar = changing(extraContainer("proxy", "sidecar"));

describe("crashLoop", () => {
  it("finds nothing wrong with pods that run", () => {
    expectHealthy(crashLoop, aRollout());
  });

  it("waits for another failure after the first ones", () => {
    expectPending(crashLoop, aRollout(withPods(3, crashed({ restarts: 1 }))), "again");
  });

  it("calls the failure after the allowed restarts a crash loop", () => {
    expectFailing(crashLoop, "CrashLooping", aRollout(withPods(3, crashed({ restarts: 2 }))));
  });

  it("allows as many restarts as the guard says", () => {
    const allowed = withSpec({ checks: { crashLoop: { restarts: 5 } } });
    expectPending(crashLoop, aRollout(allowed, withPods(3, crashed({ restarts: 4 }))), "again");
    expectFailing(crashLoop, "CrashLooping", aRollout(allowed, withPods(3, crashed({ restarts: 5 }))));
  });

  it("counts restarts, not the waiting reason, which flickers", () => {
    const running = withPods(3, runningAgain(3, later(seconds(55))), notReadyYet);
    expectFailing(crashLoop, "CrashLooping", aRollout(running));
  });

  it("counts an end that was not followed by a restart yet", () => {
    const end = {
      is: "terminated",
      reason: "Error",
      exitCode: 1,
      startedAt: later(seconds(3)),
      finishedAt: later(seconds(4)),
      message: "",
    } as const;
    const ended = containerIs("app", { restarts: 2, isReady: false, state: end, last: end });
    expectFailing(crashLoop, "CrashLooping", aRollout(withPods(3, notReadyYet, ended)));
  });

  it("is not fooled by a container that is ready between two crashes", () => {
    expectFailing(crashLoop, "CrashLooping", aRollout(withPods(3, runningAgain(3, later(seconds(40))))));
  });

  it("takes a container for well that has been ready for half a minute since", () => {
    expectHealthy(crashLoop, aRollout(withPods(3, runningAgain(3, later(seconds(30))))));
  });

  it("does not take a container for well that runs and is not ready", () => {
    const running = withPods(3, runningAgain(3, later(seconds(5))), notReadyYet);
    expectFailing(crashLoop, "CrashLooping", aRollout(running));
  });

  it("takes exit code 0 for a failure of what should run on", () => {
    const over = crashed({ restarts: 2, reason: "Completed", exitCode: 0 });
    const finding = expectFailing(crashLoop, "CrashLooping", aRollout(withPods(3, over)));
    expect(finding.message).to.contain("exits with code 0");
  });

  it("tells memory from other reasons", () => {
    const killed = crashed({ restarts: 2, reason: "OOMKilled", exitCode: 137 });
    expectFailing(crashLoop, "OutOfMemory", aRollout(withPods(3, killed)));
  });

  it("counts what the liveness probe kills, and quotes the probe", () => {
    const killed = crashed({ restarts: 2, exitCode: 137 });
    const probe = "Liveness probe failed: HTTP probe failed with statuscode: 500";
    const finding = expectFailing(
      crashLoop,
      "CrashLooping",
      aRollout(withPods(3, killed), warned("Unhealthy", probe)),
    );
    expect(finding.evidence.join("\n")).to.contain(probe);
  });

  it("quotes the container's last words", () => {
    const words = crashed({ restarts: 2, message: "DATABASE_URL is not set" });
    const finding = expectFailing(crashLoop, "CrashLooping", aRollout(withPods(3, words)));
    expect(finding.evidence[0]).to.contain("it wrote: DATABASE_URL is not set");
  });

  describe("init containers", () => {
    it("has its own reason for an init container that fails again and again", () => {
      const failing = withPods(3, crashed({ container: "migrate", restarts: 2 }));
      const finding = expectFailing(crashLoop, "InitContainerFailing", aRollout(init, failing));
      expect(finding.message).to.contain("init container migrate");
    });

    it("finds nothing wrong with an init container that is done", () => {
      expectHealthy(crashLoop, aRollout(init, withPods(3)));
    });

    it("forgives an init container that failed until it succeeded", () => {
      const succeeded = containerIs("migrate", { restarts: 3 });
      expectHealthy(crashLoop, aRollout(init, withPods(3, succeeded)));
    });
  });

  describe("sidecars", () => {
    it("counts a sidecar that crashes beside an app that runs", () => {
      const failing = withPods(3, crashed({ container: "proxy", restarts: 2 }));
      const finding = expectFailing(crashLoop, "CrashLooping", aRollout(sidecar, failing));
      expect(finding.message).to.contain("container proxy");
    });

    it("sees an app that crashes behind a sidecar that crashed more often and found its feet", () => {
      const steady = containerIs("proxy", { restarts: 5, isReady: true });
      expectFailing(
        crashLoop,
        "CrashLooping",
        aRollout(sidecar, withPods(3, crashed({ restarts: 2 }), steady)),
      );
    });
  });

  describe("what is not the release's doing", () => {
    it("does not count an end by the node's doing", () => {
      for (const reason of ["ContainerStatusUnknown", "Unknown"]) {
        expectPending(crashLoop, aRollout(withPods(3, crashed({ restarts: 2, reason }))), "again");
      }
    });

    it("does not count pods that are deleted, evicted or disrupted", () => {
      for (const trait of [beingDeleted, evicted, disrupted]) {
        expectHealthy(crashLoop, aRollout(withPods(3, crashed({ restarts: 9 }), trait)));
      }
    });

    it("finds nothing wrong while fewer than half of the pods crash", () => {
      expectHealthy(crashLoop, aRollout(withPods(2), andPods(1, crashed({ restarts: 9 }))));
    });

    it("calls it a failure when half of the pods crash", () => {
      const scene = aRollout(withPods(2), andPods(2, crashed({ restarts: 9 })));
      expect(expectFailing(crashLoop, "CrashLooping", scene).message).to.contain("2 of 4 pods");
    });
  });

  it("says how often the worst container was restarted", () => {
    const scene = aRollout(withPods(1, crashed({ restarts: 3 })), andPods(2, crashed({ restarts: 7 })));
    expect(expectFailing(crashLoop, "CrashLooping", scene).message).to.contain("(restarted 7 times)");
  });

  it("finds nothing wrong with a container that waits for its first start", () => {
    expectHealthy(crashLoop, aRollout(withPods(3, waitsFor("ContainerCreating"))));
  });

  it("quotes no Events about other pods, nor of other kinds", () => {
    const about = (uid: string, reason: string) => ({
      involved: { kind: "Pod", name: uid, uid },
      reason,
      message: `${reason} of ${uid}`,
      count: 1,
      lastAt: later(seconds(50)),
    });
    const scene = aRollout(withPods(1, crashed({ restarts: 3 })), (scene) => ({
      ...scene,
      otherEvents: [
        about("another-pod", "BackOff"),
        about(scene.pods?.[0]?.uid ?? "", "FailedScheduling"),
        about(scene.pods?.[0]?.uid ?? "", "BackOff"),
      ],
    }));
    const { evidence } = expectFailing(crashLoop, "CrashLooping", scene);
    expect(evidence.filter((line) => line.startsWith("Event "))).to.have.length(1);
    expect(evidence.at(-1)).to.contain("Event BackOff");
  });

  it("waits while only some of the failing pods have failed often enough", () => {
    const some = [withPods(2, crashed({ restarts: 1 })), andPods(1, crashed({ restarts: 5 }))];
    expectPending(crashLoop, aRollout(...some), "again");
  });

  it("names the most frequent reason", () => {
    const mixed = [
      withPods(2, crashed({ restarts: 3, reason: "OOMKilled", exitCode: 137 })),
      andPods(1, crashed({ restarts: 3 })),
    ];
    expectFailing(crashLoop, "OutOfMemory", aRollout(...mixed));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { crashLoop: { enabled: false } } });
    expectHealthy(crashLoop, aRollout(off, at(seconds(90)), withPods(3, crashed({ restarts: 9 }))));
  });
});
