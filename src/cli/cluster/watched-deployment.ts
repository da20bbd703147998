// One Deployment as the operator would see and judge it at any moment, for commands that wait.
import { AnswerScheduler } from "../../answers/answer-scheduler.ts";
import { createLiveAnswers } from "../../answers/live-answers.ts";
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import { decide } from "../../domain/decide.ts";
import type { Decision } from "../../domain/decision.ts";
import type { Effect } from "../../domain/effects/effect.ts";
import { withAnswers } from "../../domain/questions/with-answers.ts";
import { type Rollout, rolloutOf } from "../../domain/rollout/rollout.ts";
import { isBehind } from "../../domain/rollout/staleness.ts";
import type { Snapshot } from "../../domain/snapshot/snapshot.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import type { Caches } from "../../kube/caches/caches.ts";
import type { Clock } from "../../kube/clock.ts";
import { observe } from "../../kube/observe.ts";
import type { ResourceName } from "../../kube/resources.ts";
import { askedByCommands } from "./asked-by-commands.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import { readDeployment } from "./read-deployment.ts";
import { type ChosenGuard, chooseGuard } from "./stand-in-guard.ts";
import { watchNamespace } from "./watched-namespace.ts";

/** What is so at one moment, and what the operator's rules say to it. */
export interface Look {
  readonly now: number;
  readonly snapshot: Snapshot;
  readonly workload: WorkloadView;
  readonly decision: Decision;
  /** Undefined until the present template has its revision. */
  readonly rollout: Rollout | undefined;
  readonly guard: ChosenGuard;
  /** False while what is known may be the past: no verdict may be given on it. */
  readonly isCurrent: boolean;
}

export interface WatchedDeployment {
  readonly caches: Caches;
  readonly clock: Clock;
  readonly leftOut: readonly ResourceName[];
  /** Undefined when the Deployment is gone. */
  look(): Look | undefined;
  /** Resolves when something has changed that concerns it, and at `untilAt` at the latest. */
  changed(untilAt: number): Promise<void>;
  stop(): Promise<void>;
}

export interface DeploymentOptions {
  /** Of the guard that stands in where there is none. */
  readonly bakeTime?: string | undefined;
  readonly spare: readonly ResourceName[];
}

/** Rejects with CommandError when there is no such Deployment, with ApiError or ConnectionError when it cannot be read. */
export async function watchDeployment(
  access: ClusterAccess,
  name: string,
  { bakeTime, spare }: DeploymentOptions,
): Promise<WatchedDeployment> {
  await readDeployment(access, name);
  const { client, clock, namespace } = access;
  const { caches, leftOut, isCurrent, stop } = await watchNamespace({ client, clock, namespace, spare });
  const memory = new StatusMemory();
  let news = Promise.withResolvers<void>();
  caches.onChange(() => news.resolve());
  const answers = new AnswerScheduler({
    answers: createLiveAnswers({ client, caches }),
    clock,
    onAnswer: () => news.resolve(),
  });

  return {
    caches,
    clock,
    leftOut,
    look() {
      const now = clock.now();
      const guard = chooseGuard(caches, namespace, name, bakeTime, now);
      const observed = observe(caches, guard.key, { observeOnly: false });
      if (!observed?.workload || observed.workload.isDeleting) return undefined;
      const seen = withAnswers(observed, answers.known(guard.key));
      memory.keep(seen, decide(memory.recall(seen), now));
      const snapshot = memory.recall(seen);
      const decision = decide(snapshot, now);
      answers.want(guard.key, snapshot, askedByCommands(decision.questions));
      const rollout = rolloutOf(snapshot, now);
      const isUpToDate = isCurrent() && !(rollout && isBehind(snapshot, rollout.revision.hash));
      return { now, snapshot, workload: observed.workload, decision, rollout, guard, isCurrent: isUpToDate };
    },
    async changed(untilAt) {
      const due = Promise.withResolvers<void>();
      const cancel = clock.after(Math.max(0, untilAt - clock.now()), due.resolve);
      await Promise.race([news.promise, due.promise]);
      cancel();
      news = Promise.withResolvers<void>();
    },
    stop() {
      answers.forgetAll();
      return stop();
    },
  };
}

const ABOUT_INCIDENTS: ReadonlySet<Effect["type"]> = new Set(["openIncident", "updateIncident", "change"]);

/**
 * The guard's status as the operator would have written it since the last look. Where one runs, what it writes takes its
 * place; where none does, the command would else forget with each look when the rollout began and was complete.
 */
class StatusMemory {
  #written: RolloutGuardStatus | undefined;
  #remembered: RolloutGuardStatus | undefined;

  recall(seen: Snapshot): Snapshot {
    if (this.#remembered === undefined || seen.guard.status !== this.#written) return seen;
    return { ...seen, guard: { ...seen.guard, status: this.#remembered } };
  }

  keep(seen: Snapshot, { effects }: Decision): void {
    const update = effects.find((effect) => effect.type === "updateGuardStatus");
    if (seen.guard.status !== this.#written) this.#remembered = undefined;
    this.#written = seen.guard.status;
    // It tells of Incidents as they will be when the other effects have been run, which nobody does here.
    if (update && !effects.some(({ type }) => ABOUT_INCIDENTS.has(type))) this.#remembered = update.status;
  }
}
