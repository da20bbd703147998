// A guard that decides and changes nothing: its status and its Incidents are kept where only it sees them, in the caches.
import { API_VERSION } from "../../../api/group.ts";
import { decide } from "../../../domain/decide.ts";
import type { Decision } from "../../../domain/decision.ts";
import type { Effect } from "../../../domain/effects/effect.ts";
import { withAnswers } from "../../../domain/questions/with-answers.ts";
import type { Answers } from "../../../domain/snapshot/answer.ts";
import type { Question } from "../../../domain/snapshot/question.ts";
import type { Snapshot } from "../../../domain/snapshot/snapshot.ts";
import type { Caches } from "../../../kube/caches/caches.ts";
import type { RawObject } from "../../../kube/objects.ts";
import { observe } from "../../../kube/observe.ts";
import { projectTarget } from "../../../kube/projections/target.ts";
import { type ReconcileKey, reconcileKey } from "../../../kube/reconcile-key.ts";

/** One pass of a guard that changes nothing. */
export interface ShadowPass {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
  /** Its records changed, so another pass can decide more. */
  readonly isNews: boolean;
}

/** What answers the questions of a decision. */
export interface ShadowAnswers {
  /** What is known of what was asked before. */
  readonly known: Answers;
  /** Called with what an Incident is to record, before it is opened. */
  readonly toRecord: (questions: readonly Question[], snapshot: Snapshot) => Answers;
}

export class ShadowGuard {
  readonly key: ReconcileKey;
  readonly #caches: Caches;
  readonly #namespace: string;
  readonly #incidents = new Map<string, RawObject>();
  #guard: RawObject;

  /** @param at when it is there (epoch ms), as if it had been made then */
  constructor(caches: Caches, guard: RawObject, namespace: string, at: number) {
    const metadata = { ...(guard.metadata as object), namespace, uid: "replay", generation: 1 };
    this.#guard = { ...guard, metadata: { ...metadata, creationTimestamp: new Date(at).toISOString() } };
    this.#caches = caches;
    this.#namespace = namespace;
    const name = String((guard.metadata as { name?: unknown }).name);
    this.key = reconcileKey(namespace, name, projectTarget(guard));
    caches.apply("rolloutguards", "ADDED", this.#guard, at);
  }

  /** Decides, and keeps what the decision records. Undefined while the caches do not know the guard. */
  pass(at: number, { known, toRecord }: ShadowAnswers): ShadowPass | undefined {
    const observed = observe(this.#caches, this.key, { observeOnly: false });
    if (!observed) return undefined;
    const snapshot = withAnswers(observed, known);
    const first = decide(snapshot, at);
    const asked = toRecord(
      first.questions.filter((question) => question.for === "record"),
      snapshot,
    );
    const isAnswered = Object.keys(asked).length > 0;
    const decision = isAnswered ? decide(withAnswers(observed, { ...known, ...asked }), at) : first;
    const changes = decision.effects.filter((effect) => this.#keep(effect, at));
    return { snapshot, decision, isNews: changes.length > 0 };
  }

  /** Whether the effect changed anything of its own. */
  #keep(effect: Effect, at: number): boolean {
    switch (effect.type) {
      case "updateGuardStatus":
        this.#guard = { ...this.#guard, status: effect.status };
        this.#caches.apply("rolloutguards", "MODIFIED", this.#guard, at);
        return true;
      case "openIncident":
        this.#setIncident(effect.name, { spec: effect.spec }, at);
        return true;
      case "updateIncident":
        this.#setIncident(effect.name, { status: effect.status }, at);
        return true;
      // Nobody reads its Events, nothing is changed, and no Incident is one too many.
      case "publishEvent":
      case "change":
      case "deleteIncident":
      case "handOverFields":
        return false;
    }
  }

  #setIncident(name: string, part: RawObject, at: number): void {
    const metadata = { name, namespace: this.#namespace, uid: `replay-${name}` };
    const before = this.#incidents.get(name);
    const incident = { apiVersion: API_VERSION, kind: "Incident", metadata, ...before, ...part };
    this.#incidents.set(name, incident);
    this.#caches.apply("incidents", "MODIFIED", incident, at);
  }
}
