import { expect } from "chai";
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { ContainerView, TerminatedState } from "../snapshot/pod.ts";
import { aPod, containerIs, crashed, type PodTrait, runningAgain } from "../testing/a-pod.ts";
import { GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { extraContainer } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withSpec } from "../testing/facts.ts";
import { earlier, later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aFirstRollout, aRollout, type Fact, ledger } from "../testing/scene.ts";
import {
  endsByDesign,
  failingContainer,
  failuresOfPod,
  lastFailureAt,
  toleratedFailures,
} from "./crashes.ts";

const withBoth = {
  ...NEW,
  template: extraContainer("proxy", "sidecar")(extraContainer("migrate", "init")(NEW.template)),
};
const NOW = later(minutes(10));
const podOf = (...traits: readonly PodTrait[]) => aPod(withBoth, 0, T0, traits);
const failingIn = (...traits: readonly PodTrait[]) => {
  const failing = failingContainer(podOf(...traits), NOW);
  return failing && `${failing.container.name} ${failing.failures}`;
};

function end(exitCode: number, finishedAt: number, more: Partial<TerminatedState> = {}): TerminatedState {
  return {
    is: "terminated",
    reason: "",
    exitCode,
    startedAt: finishedAt - 1_000,
    finishedAt,
    message: "",
    ...more,
  };
}
const app = (changes: Partial<ContainerView>): PodTrait => containerIs("app", changes);

describe("the container that fails", () => {
  it("is the one with the most failures", () => {
    expect(failingIn(crashed({ restarts: 2 }), crashed({ container: "proxy", restarts: 5 }))).to.equal(
      "proxy 6",
    );
    expect(failingIn()).to.equal(undefined);
  });

  it("has failed once more than it was restarted while it waits for that, or has just ended", () => {
    expect(failingIn(crashed({ restarts: 0 }))).to.equal("app 1");
    expect(failingIn(app({ restarts: 1, isReady: false, state: end(1, NOW) }))).to.equal("app 2");
    expect(failingIn(runningAgain(2, NOW - seconds(5)))).to.equal("app 2");
  });

  it("is none that has run and been ready for half a minute since, and half as long again as before", () => {
    expect(failingIn(runningAgain(2, NOW - seconds(29)))).to.equal("app 2");
    expect(failingIn(runningAgain(2, NOW - seconds(30)))).to.equal(undefined);
    const long = (runsMs: number) =>
      app({
        restarts: 2,
        state: { is: "running", startedAt: NOW - runsMs },
        last: end(137, NOW - runsMs, { startedAt: NOW - runsMs - seconds(100) }),
      });
    expect(failingIn(long(seconds(149)))).to.equal("app 2");
    expect(failingIn(long(seconds(150)))).to.equal(undefined);
  });

  it("is none whose end was the node's doing", () => {
    for (const reason of ["ContainerStatusUnknown", "Unknown"]) {
      expect(failingIn(crashed({ restarts: 0, reason }))).to.equal(undefined);
      expect(failingIn(crashed({ restarts: 1, reason }))).to.equal("app 1");
    }
  });

  it("is no init container that has succeeded since", () => {
    expect(failingIn(containerIs("migrate", { restarts: 4 }))).to.equal(undefined);
    expect(failingIn(crashed({ container: "migrate", restarts: 4 }))).to.equal("migrate 5");
  });

  it("is no application that ends with exit code 0, where that is meant so; sidecars and init containers are", () => {
    const done = (container: string) => podOf(crashed({ container, restarts: 3, exitCode: 0 }));
    expect(failingContainer(done("app"), NOW, true)).to.equal(undefined);
    expect(failingContainer(done("app"), NOW)?.container.name).to.equal("app");
    expect(failingContainer(done("proxy"), NOW, true)?.container.name).to.equal("proxy");
    expect(failingContainer(podOf(crashed({ restarts: 3 })), NOW, true)?.container.name).to.equal("app");
  });
});

describe("ends with exit code 0", () => {
  const was = (...facts: readonly Fact[]) => endsByDesign(rolloutIn(aRollout(...facts)));

  it("are by design where no good revision is known, or where it had failures too", () => {
    expect(endsByDesign(rolloutIn(aFirstRollout()))).to.equal(true);
    expect(was(ledger(remembered(GOOD, "Completed")))).to.equal(true);
    expect(was(ledger(remembered(GOOD, "Good", earlier(minutes(50)), { failuresPerHour: 6 })))).to.equal(
      true,
    );
  });

  it("are failures where a good revision ran on", () => {
    expect(was(ledger(remembered(GOOD, "Good")))).to.equal(false);
  });
});

describe("toleratedFailures", () => {
  const tolerated = (memory: Partial<LedgerEntry>, afterMs: number, ...facts: readonly Fact[]) => {
    const known = ledger(remembered(GOOD, "Good", earlier(minutes(50)), memory));
    const rollout = rolloutIn(aRollout(known, ...facts));
    return toleratedFailures(rollout, aPod(NEW, 0, T0), later(afterMs));
  };

  it("are as many as the guard allows", () => {
    expect(tolerated({}, minutes(5))).to.equal(2);
    expect(tolerated({}, minutes(5), withSpec({ checks: { crashLoop: { restarts: 7 } } }))).to.equal(7);
  });

  it("are twice as many failed starts as the good revision needed, when that is more", () => {
    expect(tolerated({ failedStarts: 5 }, minutes(5))).to.equal(10);
    expect(tolerated({ failedStarts: 1 }, minutes(5))).to.equal(2);
  });

  it("are twice as many an hour as it had, beside those that the guard allows", () => {
    expect(tolerated({ failuresPerHour: 12 }, 0)).to.equal(2);
    expect(tolerated({ failuresPerHour: 12 }, minutes(30))).to.equal(14);
    expect(tolerated({ failuresPerHour: 12 }, minutes(60))).to.equal(26);
  });
});

describe("the last failure of a pod", () => {
  it("is when a container of it last ended without being meant to", () => {
    const both = podOf(
      crashed({ restarts: 1, at: later(seconds(40)) }),
      crashed({ container: "proxy", restarts: 1, at: later(seconds(50)) }),
    );
    expect(lastFailureAt(both)).to.equal(later(seconds(50)));
    expect(lastFailureAt(podOf())).to.equal(undefined);
  });

  it("is no end that was meant so, nor one by the node's doing", () => {
    expect(lastFailureAt(podOf(crashed({ restarts: 1, exitCode: 0 })), true)).to.equal(undefined);
    expect(lastFailureAt(podOf(crashed({ restarts: 1, reason: "Unknown" })))).to.equal(undefined);
    expect(lastFailureAt(podOf(containerIs("migrate", { restarts: 3 })))).to.equal(undefined);
  });

  it("is one of several that all containers had", () => {
    const pod = podOf(crashed({ restarts: 2 }), crashed({ container: "proxy", restarts: 4 }));
    expect(failuresOfPod(pod)).to.equal(3 + 5);
    expect(failuresOfPod(podOf())).to.equal(0);
  });
});
