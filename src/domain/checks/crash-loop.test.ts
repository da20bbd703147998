import { expect } from "chai";
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import {
  beingDeleted,
  containerIs,
  crashed,
  disrupted,
  evicted,
  firstFailed,
  notReadyYet,
  runningAgain,
  waitsFor,
} from "../testing/a-pod.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import { extraContainer } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  changing,
  losingService,
  wanting,
  warned,
  withOldPods,
  withPods,
  withService,
  withSpec,
  withStatus,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRollout, at, type Fact, ledger } from "../testing/scene.ts";
import { crashLoop } from "./crash-loop.ts";

/** A rollout that is losing service. */
const hurting = (...facts: readonly Fact[]) => aRollout(losingService, ...facts);
const init = changing(extraContainer("migrate", "init"));
const sidecar = changing(extraContainer("proxy", "sidecar"));

describe("crashLoop", () => {
  it("finds nothing wrong with pods that run", () => {
    expectHealthy(crashLoop, hurting());
  });

  it("waits for another failure after the first ones", () => {
    expectPending(crashLoop, hurting(withPods(3, crashed({ restarts: 1 }))), "again");
  });

  it("calls the failure after the allowed restarts a crash loop", () => {
    expectFailing(crashLoop, "CrashLooping", hurting(withPods(3, crashed({ restarts: 2 }))));
  });

  it("allows as many restarts as the guard says", () => {
    const allowed = withSpec({ checks: { crashLoop: { restarts: 5 } } });
    expectPending(crashLoop, hurting(allowed, withPods(3, crashed({ restarts: 4 }))), "again");
    expectFailing(crashLoop, "CrashLooping", hurting(allowed, withPods(3, crashed({ restarts: 5 }))));
  });

  it("counts restarts, not the waiting reason, which flickers", () => {
    const running = withPods(3, runningAgain(3, later(seconds(55))), notReadyYet);
    expectFailing(crashLoop, "CrashLooping", hurting(running));
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
    expectFailing(crashLoop, "CrashLooping", hurting(withPods(3, notReadyYet, ended)));
  });

  it("is not fooled by a container that is ready between two crashes", () => {
    expectFailing(crashLoop, "CrashLooping", hurting(withPods(3, runningAgain(3, later(seconds(40))))));
  });

  it("takes a container for well that has been ready for half a minute since", () => {
    expectHealthy(crashLoop, hurting(withPods(3, runningAgain(3, later(seconds(30))))));
  });

  it("does not take a container for well that runs and is not ready", () => {
    const running = withPods(3, runningAgain(3, later(seconds(5))), notReadyYet);
    expectFailing(crashLoop, "CrashLooping", hurting(running));
  });

  it("takes exit code 0 for a failure of what should run on", () => {
    const over = crashed({ restarts: 2, reason: "Completed", exitCode: 0 });
    const finding = expectFailing(crashLoop, "CrashLooping", hurting(withPods(3, over)));
    expect(finding.message).to.contain("keeps exiting with code 0");
  });

  it("tells memory from other reasons", () => {
    const killed = crashed({ restarts: 2, reason: "OOMKilled", exitCode: 137 });
    expectFailing(crashLoop, "OutOfMemory", hurting(withPods(3, killed)));
  });

  it("counts what the liveness probe kills, and quotes the probe", () => {
    const killed = crashed({ restarts: 2, exitCode: 137 });
    const probe = "Liveness probe failed: HTTP probe failed with statuscode: 500";
    const finding = expectFailing(
      crashLoop,
      "CrashLooping",
      hurting(withPods(3, killed), warned("Unhealthy", probe)),
    );
    expect(finding.evidence.join("\n")).to.contain(probe);
  });

  it("quotes the container's last words", () => {
    const words = crashed({ restarts: 2, message: "DATABASE_URL is not set" });
    const finding = expectFailing(crashLoop, "CrashLooping", hurting(withPods(3, words)));
    expect(finding.evidence[0]).to.contain("last message: DATABASE_URL is not set");
  });

  describe("init containers", () => {
    it("has its own reason for an init container that fails again and again", () => {
      const failing = withPods(3, crashed({ container: "migrate", restarts: 2 }));
      const finding = expectFailing(crashLoop, "InitContainerFailing", hurting(init, failing));
      expect(finding.message).to.contain("init container migrate");
    });

    it("finds nothing wrong with an init container that is done", () => {
      expectHealthy(crashLoop, hurting(init, withPods(3)));
    });

    it("forgives an init container that failed until it succeeded", () => {
      const succeeded = containerIs("migrate", { restarts: 3 });
      expectHealthy(crashLoop, hurting(init, withPods(3, succeeded)));
    });
  });

  describe("sidecars", () => {
    it("counts a sidecar that crashes beside an app that runs", () => {
      const failing = withPods(3, crashed({ container: "proxy", restarts: 2 }));
      const finding = expectFailing(crashLoop, "CrashLooping", hurting(sidecar, failing));
      expect(finding.message).to.contain("container proxy");
    });

    it("sees an app that crashes behind a sidecar that crashed more often and found its feet", () => {
      const steady = containerIs("proxy", { restarts: 5, isReady: true });
      expectFailing(
        crashLoop,
        "CrashLooping",
        hurting(sidecar, withPods(3, crashed({ restarts: 2 }), steady)),
      );
    });
  });

  describe("what is not the release's doing", () => {
    it("does not count an end by the node's doing", () => {
      for (const reason of ["ContainerStatusUnknown", "Unknown"]) {
        expectPending(crashLoop, hurting(withPods(3, crashed({ restarts: 2, reason }))), "again");
      }
    });

    it("does not count pods that are deleted, evicted or disrupted", () => {
      for (const trait of [beingDeleted, evicted, disrupted]) {
        expectHealthy(crashLoop, hurting(withPods(3, crashed({ restarts: 9 }), trait)));
      }
    });

    it("finds nothing wrong while fewer than half of the pods crash", () => {
      expectHealthy(crashLoop, hurting(withPods(2), andPods(1, crashed({ restarts: 9 }))));
    });

    it("calls it a failure when half of the pods crash", () => {
      const scene = hurting(withPods(2), andPods(2, crashed({ restarts: 9 })));
      expect(expectFailing(crashLoop, "CrashLooping", scene).message).to.contain("2 of 4 pods");
    });
  });

  it("says how often the worst container was restarted", () => {
    const scene = hurting(withPods(1, crashed({ restarts: 3 })), andPods(2, crashed({ restarts: 7 })));
    expect(expectFailing(crashLoop, "CrashLooping", scene).message).to.contain("(7 restarts)");
  });

  it("finds nothing wrong with a container that waits for its first start", () => {
    expectHealthy(crashLoop, hurting(withPods(3, waitsFor("ContainerCreating"))));
  });

  it("quotes no Events about other pods, nor of other kinds", () => {
    const about = (uid: string, reason: string) => ({
      type: "Warning" as const,
      involved: { kind: "Pod", name: uid, uid },
      reason,
      message: `${reason} of ${uid}`,
      count: 1,
      lastAt: later(seconds(50)),
    });
    const scene = hurting(withPods(1, crashed({ restarts: 3 })), (scene) => ({
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
    expectPending(crashLoop, hurting(...some), "again");
  });

  it("names the most frequent reason", () => {
    const mixed = [
      withPods(2, crashed({ restarts: 3, reason: "OOMKilled", exitCode: 137 })),
      andPods(1, crashed({ restarts: 3 })),
    ];
    expectFailing(crashLoop, "OutOfMemory", hurting(...mixed));
  });

  describe("how long it may last", () => {
    const looping = withPods(3, crashed({ restarts: 5 }));

    it("is two and a half minutes from the first failure while nobody is hurt", () => {
      expectPending(crashLoop, aRollout(looping, at(seconds(151))), seconds(152));
      expectFailing(crashLoop, "CrashLooping", aRollout(looping, at(seconds(152))));
    });

    it("does not shrink for a third of the endpoints: a pod that crashes takes its own with it", () => {
      const oneGone = withService({ readyEndpoints: 2 });
      expectPending(crashLoop, aRollout(oneGone, looping), seconds(152));
      expectFailing(crashLoop, "CrashLooping", aRollout(losingService, looping));
    });

    it("is what the guard says, hurt or not", () => {
      const fixed = withSpec({ checks: { crashLoop: { patience: "30s" } } });
      for (const facts of [[fixed], [fixed, losingService]]) {
        expectPending(crashLoop, aRollout(...facts, looping, at(seconds(31))), seconds(32));
        expectFailing(crashLoop, "CrashLooping", aRollout(...facts, looping, at(seconds(32))));
      }
    });

    it("counts from the first failure that was seen, not from the last end", () => {
      const since = (at: number) =>
        withPods(3, crashed({ restarts: 5, at: later(seconds(55)) }), firstFailed(at));
      expectPending(crashLoop, aRollout(since(later(seconds(8))), at(minutes(2))), seconds(158));
      expectFailing(crashLoop, "CrashLooping", aRollout(since(later(seconds(8))), at(seconds(158))));
    });

    it("is the Deployment's deadline for the one new pod of many while the old ones serve: it can be its node", () => {
      const first = [
        wanting(10),
        withOldPods(9),
        withStatus({ services: [{ name: "checkout", endpoints: 9 }] }),
      ];
      const one = withPods(1, crashed({ restarts: 5 }));
      expectPending(crashLoop, aRollout(...first, one, at(minutes(5))), minutes(10));
      expectFailing(crashLoop, "CrashLooping", aRollout(...first, one, at(minutes(10))));
      const two = withPods(2, crashed({ restarts: 5 }));
      expectFailing(crashLoop, "CrashLooping", aRollout(...first, two, at(minutes(5))));
    });
  });

  describe("compared with the good revision", () => {
    const was = (memory: Partial<LedgerEntry>) =>
      ledger(remembered(GOOD, "Good", earlier(minutes(50)), memory));
    const done = (restarts: number) => crashed({ restarts, reason: "Completed", exitCode: 0 });

    it("finds nothing wrong with a worker that ends with exit code 0 as the good one does", () => {
      expectHealthy(crashLoop, hurting(was({ failuresPerHour: 6 }), withPods(3, done(9))));
    });

    it("finds nothing wrong with ends with exit code 0 where nothing is known to do otherwise", () => {
      expectHealthy(crashLoop, aFirstRollout(withPods(3, done(9))));
      expectHealthy(crashLoop, hurting(ledger(remembered(GOOD, "Completed")), withPods(3, done(9))));
    });

    it("still counts a worker that fails", () => {
      const failing = withPods(3, crashed({ restarts: 9, exitCode: 1 }));
      expectFailing(crashLoop, "CrashLooping", hurting(was({ failuresPerHour: 6 }), failing));
    });

    it("allows as many failures an hour as it had, twice", () => {
      const hourly = [was({ failuresPerHour: 6 }), losingService, at(minutes(30))];
      // 2 that the guard allows, and 2 × 6 × half an hour.
      expectPending(crashLoop, aRollout(...hourly, withPods(3, crashed({ restarts: 7 }))), "again");
      expectFailing(crashLoop, "CrashLooping", aRollout(...hourly, withPods(3, crashed({ restarts: 8 }))));
    });

    it("allows twice as many failed starts as it needed", () => {
      const sixth = was({ failedStarts: 5 });
      expectPending(crashLoop, hurting(sixth, withPods(3, crashed({ restarts: 9 }))), "again");
      expectFailing(crashLoop, "CrashLooping", hurting(sixth, withPods(3, crashed({ restarts: 10 }))));
    });
  });

  describe("a container that runs again", () => {
    /** It ran for so long, was killed, and has been running and ready for so long since. */
    const killed = (ranMs: number, runsMs: number) => {
      const now = minutes(20);
      const startedAt = later(now - runsMs);
      const finishedAt = startedAt - seconds(1);
      const last = { is: "terminated", reason: "Error", exitCode: 137, message: "" } as const;
      const one = containerIs("app", {
        restarts: 4,
        state: { is: "running", startedAt },
        last: { ...last, startedAt: finishedAt - ranMs, finishedAt },
      });
      return hurting(withPods(3, one), at(now));
    };

    it("is well when it has run half as long again as before its last end: a probe kills every few minutes", () => {
      expectFailing(crashLoop, "CrashLooping", killed(seconds(150), seconds(224)));
      expectHealthy(crashLoop, killed(seconds(150), seconds(225)));
    });

    it("is well after half a minute when it ended early", () => {
      expectFailing(crashLoop, "CrashLooping", killed(seconds(3), seconds(29)));
      expectHealthy(crashLoop, killed(seconds(3), seconds(30)));
    });
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { crashLoop: { enabled: false } } });
    expectHealthy(crashLoop, hurting(off, at(seconds(90)), withPods(3, crashed({ restarts: 9 }))));
  });
});
