// Runs a recording through the caches, observe and decide of production. Only the source of events and the clock differ.

import { API_VERSION } from "../../../api/group.ts";
import type { IncidentSpec } from "../../../api/incident.ts";
import type { RolloutGuardStatus } from "../../../api/rollout-guard.ts";
import { decide } from "../../../domain/decide.ts";
import type { Decision, Effect } from "../../../domain/decision.ts";
import { Caches } from "../../../kube/caches/caches.ts";
import type { RawObject } from "../../../kube/objects.ts";
import { observe } from "../../../kube/observe.ts";
import { projectTarget } from "../../../kube/projections/target.ts";
import { type ReconcileKey, reconcileKey } from "../../../kube/reconcile-key.ts";
import type { RecordedLine, Recording } from "./recording.ts";

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
  const world = new ReplayedWorld(guard, namespace, recording);
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
  return { recording: recording.name, target, decisions: world.decisions, incidents: world.opened };
}

/** The recorded namespace, with the guard's own objects as the decisions would have made them. */
class ReplayedWorld {
  readonly #caches = new Caches();
  readonly #key: ReconcileKey;
  readonly #namespace: string;
  readonly #beganAt: number;
  readonly #hasSlices: boolean;
  readonly #incidents = new Map<string, RawObject>();
  readonly decisions: ReplayedDecision[] = [];
  readonly opened: IncidentSpec[] = [];
  #guard: RawObject;
  #lookAt: number | undefined;
  #isPending = false;

  constructor(guard: RawObject, namespace: string, recording: Recording) {
    const firstAt = recording.beganAt + (recording.lines[0]?.t ?? 0) * 1_000;
    const metadata = { ...(guard.metadata as object), namespace, uid: "replay", generation: 1 };
    this.#guard = { ...guard, metadata: { ...metadata, creationTimestamp: new Date(firstAt).toISOString() } };
    this.#namespace = namespace;
    const name = String((guard.metadata as { name?: unknown }).name);
    this.#key = reconcileKey(namespace, name, projectTarget(guard));
    this.#beganAt = recording.beganAt;
    this.#hasSlices = recording.lines.some((line) => !("mark" in line) && line.resource === "endpointslices");
    this.#caches.apply("rolloutguards", "ADDED", this.#guard, firstAt);
  }

  /** Feeds one line to the caches, as the watches of production would: only Warning Events, Endpoints only without slices. */
  take(line: Exclude<RecordedLine, { mark: string }>, at: number): void {
    if (line.resource === "events" && line.object.type !== "Warning") return;
    if (line.resource === "endpoints" && this.#hasSlices) return;
    this.#caches.apply(line.resource, line.type === "LIST" ? "ADDED" : line.type, line.object, at);
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
      const snapshot = observe(this.#caches, this.#key, { observeOnly: false });
      if (!snapshot) return;
      const decision = decide(snapshot, at);
      this.#note(decision, at);
      this.#lookAt = decision.wakeAt;
      this.#isPending = decision.findings.some(({ verdict }) => verdict === "pending");
      const changes = decision.effects.filter((effect) => this.#run(effect, at));
      if (changes.length === 0) return;
    }
  }

  #note(decision: Decision, at: number): void {
    const types = decision.effects.map(({ type }) => type);
    // A revision that fails without a rollout has no Incident: a brake is what holds one.
    const isHeld =
      types.includes("openIncident") || (decision.phase === "Failing" && decision.brake !== undefined);
    const action = types.includes("rollBack") ? "rollback" : isHeld ? "incident" : "none";
    const reason = action === "rollback" ? headlineOf(decision) : decision.reason;
    const last = this.decisions.at(-1);
    if (last?.action === action && last.reason === reason) return;
    const t = Math.round((at - this.#beganAt) / 10) / 100;
    this.decisions.push({ t, action, reason, message: decision.message });
  }

  /** Carries an effect out on the guard's own objects. Whether it changed anything. */
  #run(effect: Effect, at: number): boolean {
    if (effect.type === "updateGuardStatus") return this.#setGuardStatus(effect.status, at);
    if (effect.type === "openIncident") this.opened.push(effect.spec);
    if (effect.type === "openIncident") return this.#setIncident(effect.name, { spec: effect.spec }, at);
    if (effect.type === "updateIncident")
      return this.#setIncident(effect.name, { status: effect.status }, at);
    return false;
  }

  #setGuardStatus(status: RolloutGuardStatus, at: number): boolean {
    this.#guard = { ...this.#guard, status };
    this.#caches.apply("rolloutguards", "MODIFIED", this.#guard, at);
    return true;
  }

  #setIncident(name: string, part: RawObject, at: number): boolean {
    const metadata = { name, namespace: this.#namespace, uid: `replay-${name}` };
    const incident = {
      apiVersion: API_VERSION,
      kind: "Incident",
      metadata,
      ...this.#incidents.get(name),
      ...part,
    };
    this.#incidents.set(name, incident);
    this.#caches.apply("incidents", "MODIFIED", incident, at);
    return true;
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
