// Kubernetes Events about guards and workloads, for `kubectl describe`. Best effort: never fails a pass.
import { GROUP } from "../../api/group.ts";
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { EventToPublish } from "../../domain/effects/effect.ts";
import { shortText } from "../../domain/plain-text.ts";
import type { Clock } from "../clock.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { isNamespaceTerminating, isNotFound } from "../connection/api-error.ts";
import { apiVersionOf, RESOURCES, resourcePath } from "../resources.ts";
import { portOf } from "../workloads/ports-by-kind.ts";
import { EventBudget, type SentEvent } from "./event-budget.ts";

/** What an Event is about. */
export interface EventSubject {
  readonly kind: WorkloadKind | "RolloutGuard";
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface EventPublisherOptions {
  readonly client: ApiClient;
  readonly clock: Pick<Clock, "now">;
  /** The pod or host that speaks. */
  readonly reportingInstance: string;
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined;
  /** In [0, 1): part of the Events' names. */
  readonly chance?: (() => number) | undefined;
}

/** sent: it is in the cluster. dropped: it said nothing new, too much was said, or its namespace goes. failed: the API server did not take it. */
export type PublishResult = "sent" | "dropped" | "failed";

/** What the API server takes. */
const LONGEST_MESSAGE_BYTES = 1_024;

export class EventPublisher {
  readonly #options: EventPublisherOptions;
  readonly #budget = new EventBudget();

  constructor(options: EventPublisherOptions) {
    this.#options = options;
  }

  /** One request at most, two when the Event to count up has expired meanwhile. Never rejects. */
  async publish(subject: EventSubject, event: EventToPublish): Promise<PublishResult> {
    const now = this.#options.clock.now();
    const identity = JSON.stringify([subject.uid, subject.kind, event.type, event.reason, event.message]);
    if (!this.#budget.take(`${subject.kind} ${subject.uid}`, identity, now)) return "dropped";
    try {
      const last = this.#budget.lastSent(identity);
      const counted = last && (await this.#countUp(subject, last, now));
      this.#budget.remember(identity, counted ?? (await this.#create(subject, event, now)));
      return "sent";
    } catch (error) {
      if (isNamespaceTerminating(error)) return "dropped";
      const message = `Cannot publish Event ${event.reason} on ${subject.kind} ${subject.namespace}/${subject.name}.`;
      this.#options.onProblem?.(message, error);
      return "failed";
    }
  }

  /** The same Event once more; undefined when the first has expired. */
  async #countUp(subject: EventSubject, last: SentEvent, now: number): Promise<SentEvent | undefined> {
    const next = { ...last, count: last.count + 1, lastAt: now };
    try {
      await this.#options.client.jsonPatch(resourcePath("events", subject.namespace, last.name), [
        { op: "replace", path: "/count", value: next.count },
        { op: "replace", path: "/lastTimestamp", value: timestamp(now) },
      ]);
      return next;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #create(subject: EventSubject, event: EventToPublish, now: number): Promise<SentEvent> {
    const { client, reportingInstance, chance = Math.random } = this.#options;
    const { namespace, name, uid } = subject;
    const resource =
      subject.kind === "RolloutGuard" ? "rolloutguards" : portOf({ kind: subject.kind }).resource;
    const unique = `${now.toString(36)}${Math.floor(chance() * 36 ** 4)
      .toString(36)
      .padStart(4, "0")}`;
    const eventName = `${name.slice(0, 200).replace(/[^a-z0-9]+$/, "")}.${unique}`;
    await client.create(resourcePath("events", namespace), {
      apiVersion: apiVersionOf("events"),
      kind: RESOURCES.events.kind,
      metadata: { namespace, name: eventName },
      involvedObject: {
        apiVersion: apiVersionOf(resource),
        kind: RESOURCES[resource].kind,
        namespace,
        name,
        uid,
      },
      type: event.type,
      reason: event.reason,
      message: shortText(event.message, LONGEST_MESSAGE_BYTES),
      count: 1,
      firstTimestamp: timestamp(now),
      lastTimestamp: timestamp(now),
      source: { component: "rolloutguard" },
      reportingComponent: GROUP,
      reportingInstance,
    });
    return { name: eventName, count: 1, firstAt: now, lastAt: now };
  }
}

/** Kubernetes' Time has whole seconds. */
function timestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
