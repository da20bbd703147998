// The admission webhooks that are there, and what they make of an object that is created or updated.
import { ApiError } from "../api-server/api-error.ts";
import type { Deployment } from "../api-server/kinds.ts";
import { controllerOf, type KubeObject } from "../api-server/kube-object.ts";
import { containsLabels } from "../api-server/label-selector.ts";
import { applyMergePatch } from "../api-server/patches/merge-patch.ts";
import type { ResourceDefinition } from "../api-server/resource-definition.ts";
import type { Mutation, UpdateMutation } from "../api-server/writing/registry.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import { CallPending } from "./call-pending.ts";
import { injected } from "./inject.ts";
import type { Webhook } from "./webhook.ts";

/** A webhook that was added. */
export interface WebhookHandle {
  readonly webhook: Webhook;
  /** How many objects it was asked about. */
  readonly calls: number;
  /** Takes it away. Nothing happens when it is gone already. */
  end(): void;
}

interface ActiveWebhook extends WebhookHandle {
  calls: number;
  /** When the calls are answered that controllers wait for (epoch ms), by the controller's uid. */
  readonly answersAt: Map<string, number>;
}

const DEFAULT_URL = "https://webhook.kube-system.svc:443/mutate";
const DEFAULT_TIMEOUT = "10s";

export class Webhooks {
  readonly #time: SimulatedTime;
  readonly #active = new Set<ActiveWebhook>();

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  /** Puts a webhook in force; several are asked in the order in which they were added. */
  add(webhook: Webhook): WebhookHandle {
    const active: ActiveWebhook = {
      webhook,
      calls: 0,
      answersAt: new Map(),
      end: () => this.#active.delete(active),
    };
    this.#active.add(active);
    if (webhook.forMs !== undefined) this.#time.after(webhook.forMs, () => active.end());
    return active;
  }

  /** The admission plugin that asks them. */
  readonly admit: Mutation = (resource, object, options) => {
    let admitted = object;
    for (const active of this.#active) {
      if (!concerns(active.webhook, "CREATE", resource, object)) continue;
      // A client over HTTP is answered at once.
      if (options.client === undefined) this.#wait(active, object);
      active.calls += 1;
      const answered = answer(active.webhook, admitted);
      // What is injected gets its defaults as what came with the pod did.
      admitted = answered === admitted ? admitted : (resource.withDefaults?.(answered) ?? answered);
    }
    return admitted;
  };

  /** The same for updates. Their calls take no time. */
  readonly admitUpdate: UpdateMutation = (resource, object, before) => {
    let admitted = object;
    for (const active of this.#active) {
      if (!concerns(active.webhook, "UPDATE", resource, object)) continue;
      active.calls += 1;
      const answered = answer(active.webhook, admitted, before);
      admitted = answered === admitted ? admitted : (resource.withDefaults?.(answered) ?? answered);
    }
    return admitted;
  };

  /** Throws CallPending until the webhook has had its time for what this controller creates. */
  #wait({ webhook: { takesMs = 0 }, answersAt }: ActiveWebhook, object: KubeObject): void {
    const caller = controllerOf(object)?.uid;
    if (takesMs === 0 || caller === undefined) return;
    const now = this.#time.now();
    const due = answersAt.get(caller);
    if (due !== undefined && due === now) return;
    if (due !== undefined && due > now) throw new CallPending(due - now);
    answersAt.set(caller, now + takesMs);
    throw new CallPending(takesMs);
  }
}

function concerns(
  { on = {} }: Webhook,
  now: "CREATE" | "UPDATE",
  resource: ResourceDefinition,
  { metadata }: KubeObject,
): boolean {
  const { operation = "CREATE", resource: name = "pods", namespace = metadata.namespace, labels = {} } = on;
  if (operation !== now) return false;
  return resource.id === name && metadata.namespace === namespace && containsLabels(labels, metadata.labels);
}

/** The object as it leaves the webhook. Throws the API server's refusal. */
function answer({ name, url = DEFAULT_URL, does }: Webhook, object: KubeObject, before = object): KubeObject {
  if ("merge" in does) return applyMergePatch(object, does.merge) as KubeObject;
  if ("keep" in does) return does.keep === "object" ? before : withTemplateOf(object, before);
  if ("inject" in does) return injected(object, does.inject);
  if ("deny" in does) {
    throw new ApiError(403, "Forbidden", `admission webhook "${name}" denied the request: ${does.deny}`);
  }
  const call = `Post "${url}?timeout=${DEFAULT_TIMEOUT}"`;
  const why = `failed calling webhook "${name}": failed to call webhook: ${call}: ${does.fail}`;
  throw new ApiError(500, "InternalError", `Internal error occurred: ${why}`, {
    causes: [{ reason: "", message: why }],
  });
}

function withTemplateOf(object: KubeObject, before: KubeObject): KubeObject {
  const { template } = before["spec"] as Deployment["spec"];
  return { ...object, spec: { ...(object["spec"] as Deployment["spec"]), template } };
}
