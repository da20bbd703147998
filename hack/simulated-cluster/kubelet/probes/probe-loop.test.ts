import { expect } from "chai";
import fc from "fast-check";
import type { Probe } from "../../api-server/kinds.ts";
import { SimulatedTime } from "../../simulated-time.ts";
import { applicationOf, steadyUntilMs } from "../application.ts";
import { Prober } from "./prober.ts";

const RUN_MS = 300_000;

/** Inside a timer the time stands still: each run sees the very same times. */
const STARTED_AT = 1_000_000_000;

/** Everything that the probes of one container let anybody see, with the times, and how many attempts that took. */
async function watchProbes(
  container: { readinessProbe?: Probe; livenessProbe?: Probe; startupProbe?: Probe },
  env: Record<string, string>,
  canSleep: boolean,
): Promise<{ seen: readonly string[]; attempts: number }> {
  const time = new SimulatedTime({ timeScale: 1_000_000, startAt: STARTED_AT - 5_000_000 });
  const seen: string[] = [];
  let attempts = 0;
  const tell = (what: string): void => void seen.push(`${time.now()} ${what}`);
  const application = applicationOf(env, { starts: 0, isInit: false });
  const startedAt = STARTED_AT;
  const all = { name: "app", image: "web:1", ...container };
  const start = (): Prober => {
    const prober: Prober = new Prober({
      time,
      startedAt,
      firstRelistAt: startedAt + 340,
      podBeganAt: startedAt - 780,
      probed: () => {
        attempts += 1;
        return { container: all, application, podIP: "10.0.0.1", runningMs: time.now() - startedAt };
      },
      steadyUntilMs: (runningMs) => (canSleep ? steadyUntilMs(application, runningMs) : runningMs),
      unhealthy: tell,
      changed: () => tell(`started=${prober.isStarted} ready=${prober.isReady}`),
      kill: (kind) => tell(`killed by ${kind}`),
    });
    return prober;
  };
  const isInTime = await new Promise<boolean>((resolve) => {
    time.at(STARTED_AT, () => {
      if (time.now() !== STARTED_AT) return resolve(false);
      const prober = start();
      time.after(RUN_MS, () => {
        prober.stop();
        resolve(true);
      });
    });
  });
  time.stop();
  // On a busy machine the time may be over before anybody could ask for it.
  return isInTime ? { seen, attempts } : watchProbes(container, env, canSleep);
}

describe("the probes of a container", () => {
  const probe = fc.record({
    httpGet: fc.constant({ path: "/", port: 8080 }),
    initialDelaySeconds: fc.integer({ min: 0, max: 20 }),
    periodSeconds: fc.integer({ min: 1, max: 15 }),
    successThreshold: fc.integer({ min: 1, max: 4 }),
    failureThreshold: fc.integer({ min: 1, max: 4 }),
  });
  const seconds = (max: number) => fc.integer({ min: 0, max: max * 10 }).map((tenths) => `${tenths / 10}s`);

  it("show the same, at the same times, whether or not they sleep while nothing can change", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ readinessProbe: probe, livenessProbe: probe, startupProbe: probe }, { requiredKeys: [] }),
        fc.record(
          { START_DELAY: seconds(30), FAIL_AFTER: seconds(120), FAIL_FOR: seconds(60) },
          { requiredKeys: [] },
        ),
        async (container, env) => {
          const plain = await watchProbes(container, env, false);
          const sleeping = await watchProbes(container, env, true);
          // Sorted: of two probes that are due in the same instant either may be the first.
          expect([...sleeping.seen].sort()).to.deep.equal([...plain.seen].sort());
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });

  it("cost next to nothing while the application is well", async () => {
    const readinessProbe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 };
    const plain = await watchProbes({ readinessProbe }, {}, false);
    const sleeping = await watchProbes({ readinessProbe }, {}, true);
    expect(sleeping.attempts).to.be.below(10);
    expect(plain.attempts).to.be.above(290);
  });
});
