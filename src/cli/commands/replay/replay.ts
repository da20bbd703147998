// Runs a recording through the caches, observe and decide of production. Only the source of events and the clock differ.

import type { IncidentSpec } from "../../../api/incident.ts";
import type { FreezeRecord } from "../../../api/rollout-guard.ts";
import type { Decision } from "../../../domain/decision.ts";
import { Caches } from "../../../kube/caches/caches.ts";
import type { RawObject } from "../../../kube/objects.ts";
import { RecordedAnswers } from "./recorded-answers.ts";
import type { RecordedLine, Recording } from "./recording.ts";
import { ShadowGuard } from "./shadow-guard.ts";

/** What would have been decided at `t` seconds of the recording. */
export interface ReplayedDecision {
  readonly t: number;
  /** `rollback`: it would have patched; `incident`: it would have opened an Incident without acting. */
  readonly action: "rollback" | "incident" | "none";
  readonly reason: string;
  readonly message: string;
}

export interface Replay {
  readonly recording: string;
  readonly target: string;
  readonly decisions: readonly ReplayedDecision[];
  /** The Incidents that would have been opened, with their causes. */
  readonly incidents: readonly IncidentSpec[];
  /** Why rollouts would have been paused, in the order of time. The recording shows what came without a pause. */
  readonly pauses: readonly FreezeRecord[];
}

/** The mark after which a recording shows what a person did, and no longer what a guard would have judged. */
const UNDO = /kubectl rollout undo/;

/**
 * How long a recording is carried on after its end while a finding is pending: nothing more was seen, so all stayed as it
 * was (a recording without Events can end long before a deadline). One that a person ended shows a failure, and what a guard
 * would have decided without that person: on request it is carried on to Kubernetes' own deadline.
 */
const CARRY_ON_MS = 120_000;
const CARRY_ON_UNDONE_MS = 600_000;

/**
 * Replays a recording for one guard. It ends at the first rollback that would have been sent, at the person's
 * `kubectl rollout undo`, or with the recording: from there on the world would have gone another way. With `isUndoIgnored` the
 * world is taken to stay as it was before the person acted.
 */
export function replay(
  recording: Recording,
  guard: RawObject,
  target: string,
  namespace: string,
  { isUndoIgnored = false }: { readonly isUndoIgnored?: boolean } = {},
): Replay {
  const undo = recording.lines.findIndex((line) => "mark" in line && UNDO.test(line.mark));
  const lines = undo < 0 ? recording.lines : recording.lines.slice(0, undo + 1);
  const world = new ReplayedWorld(guard, target, namespace, recording);
  for (const [index, line] of lines.entries()) {
    const at = recording.beganAt + line.t * 1_000;
    world.passTo(at);
    if ("mark" in line) continue;
    world.take(line, at);
    // Production makes no pass before all of the initial state is there.
    const next = lines[index + 1];
    const isListing = line.type === "LIST" && next !== undefined && !("mark" in next) && next.type === "LIST";
    if (!isListing) world.look(at);
  }
  const endedAt = recording.beganAt + (lines.at(-1)?.t ?? 0) * 1_000;
  if (undo < 0) world.carryOn(endedAt + CARRY_ON_MS);
  else if (isUndoIgnored) world.carryOn(endedAt + CARRY_ON_UNDONE_MS);
  return {
    recording: recording.name,
    target,
    decisions: world.decisions,
    incidents: world.opened,
    pauses: world.pauses,
  };
}

/** The recorded namespace, with a guard that decides about it. */
class ReplayedWorld {
  readonly #caches = new Caches();
  readonly #guard: ShadowGuard;
  readonly #answers: RecordedAnswers;
  readonly #beganAt: number;
  readonly #hasSlices: boolean;
  readonly decisions: ReplayedDecision[] = [];
  readonly opened: IncidentSpec[] = [];
  readonly pauses: FreezeRecord[] = [];
  #lookAt: number | undefined;
  #isPending = false;

  constructor(guard: RawObject, target: string, namespace: string, recording: Recording) {
    const { beganAt, lines } = recording;
    this.#beganAt = beganAt;
    this.#hasSlices = lines.some((line) => !("mark" in line) && line.resource === "endpointslices");
    this.#guard = new ShadowGuard(this.#caches, guard, namespace, beganAt + (lines[0]?.t ?? 0) * 1_000);
    const about = recording.answers.filter(({ about }) => about === undefined || about === target);
    this.#answers = new RecordedAnswers(
      about.map(({ t, key, answer }) => {
        const at = beganAt + t * 1_000;
        return { at, key, answer: { at, ...answer } };
      }),
      this.#caches,
    );
  }

  /** Feeds one line to the caches, as the watches of production would: only Warning Events, Endpoints only without slices. */
  take(line: Exclude<RecordedLine, { mark: string }>, at: number): void {
    const { resource, type, object } = line;
    if (resource === "events") this.#answers.take(type, object);
    if (resource === "events" && object.type !== "Warning") return;
    if (resource === "endpoints" && this.#hasSlices) return;
    this.#caches.apply(resource, type === "LIST" ? "ADDED" : type, object, at);
  }

  /** Lets time go on to `at`, looking whenever a decision asked for it. */
  passTo(at: number): void {
    while (this.#lookAt !== undefined && this.#lookAt < at) this.look(this.#lookAt);
  }

  /** Lets time go on, at most to `limitAt`, as long as a finding is pending. */
  carryOn(limitAt: number): void {
    while (this.#isPending && this.#lookAt !== undefined && this.#lookAt <= limitAt) this.look(this.#lookAt);
  }

  /** Decides until nothing is left to do, and notes what is new. After the rollback nothing is decided any more. */
  look(at: number): void {
    this.#lookAt = undefined;
    for (let pass = 0; pass < PASS_LIMIT && this.decisions.at(-1)?.action !== "rollback"; pass += 1) {
      const passed = this.#guard.pass(at, {
        known: this.#answers.known,
        toRecord: (questions) => this.#answers.toRecord(questions, at),
      });
      if (!passed) return;
      const { decision, snapshot, isNews } = passed;
      this.#note(decision, at);
      const isAnswered = this.#answers.ask(decision.questions, snapshot, at);
      this.#lookAt = earliest(decision.wakeAt, this.#answers.nextAt(at));
      this.#isPending = decision.findings.some(({ verdict }) => verdict === "pending");
      if (!isNews && !isAnswered) return;
    }
  }

  #note(decision: Decision, at: number): void {
    const { effects, brake } = decision;
    const opened = effects.flatMap((effect) => (effect.type === "openIncident" ? [effect.spec] : []));
    this.opened.push(...opened);
    for (const effect of effects) {
      const { freeze } = effect.type === "updateGuardStatus" ? effect.status : {};
      const isNew = freeze?.state === "Pausing" && this.pauses.at(-1)?.since !== freeze.since;
      if (freeze && isNew) this.pauses.push(freeze);
    }
    // A revision that fails without a rollout has no Incident: a brake is what holds one.
    const isHeld = opened.length > 0 || brake !== undefined;
    const isSent = effects.some(
      (effect) => effect.class === "change" && effect.change.do === "restoreTemplate",
    );
    const action = isSent ? "rollback" : isHeld ? "incident" : "none";
    const reason = action === "rollback" ? headlineOf(decision) : decision.reason;
    const last = this.decisions.at(-1);
    if (last?.action === action && last.reason === reason) return;
    const t = Math.round((at - this.#beganAt) / 10) / 100;
    this.decisions.push({ t, action, reason, message: decision.message });
  }
}

/** More passes than any chain of transitions has. */
const PASS_LIMIT = 8;

function headlineOf(decision: Decision): string {
  const [headline] = decision.findings.flatMap((finding) =>
    finding.verdict === "failing" ? [finding.reason] : [],
  );
  return headline ?? decision.reason;
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((at) => at !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
