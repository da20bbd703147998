// Admission webhooks as data: which objects they see, and what they answer.
import type { Container, Volume } from "../api-server/kinds.ts";
import type { Texts } from "../api-server/kube-object.ts";

/** Which objects are sent to the webhook. What is not given does not limit it. */
export interface WebhookMatcher {
  /** When they are created, or when they are updated. Default: CREATE. */
  readonly operation?: "CREATE" | "UPDATE";
  /** The plural name. Default: pods. */
  readonly resource?: string;
  readonly namespace?: string;
  /** Labels that the object must have. */
  readonly labels?: Texts;
}

export type WebhookAnswer =
  /** Refuses the object for that reason. */
  | { readonly deny: string }
  /** Cannot be asked, for that reason, as "context deadline exceeded"; its failurePolicy is Fail. */
  | { readonly fail: string }
  /** Adds to a pod what its template does not have; or to the pod template of a workload. */
  | { readonly inject: Injection }
  /** Merges this into any object, as a JSON merge patch. */
  | { readonly merge: object }
  /** Of an update, leaves the pod template, or the whole object but for its status, as it was. */
  | { readonly keep: "template" | "object" };

export interface Injection {
  readonly containers?: readonly Container[];
  /** Go before those of the template. */
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  /** Condition types. */
  readonly readinessGates?: readonly string[];
  readonly labels?: Texts;
  readonly annotations?: Texts;
}

export interface Webhook {
  /** As its configuration names it: "sidecar-injector.istio.io". */
  readonly name: string;
  /** Where it is asked. Default: `https://webhook.kube-system.svc:443/mutate`. */
  readonly url?: string;
  readonly on?: WebhookMatcher;
  readonly does: WebhookAnswer;
  /** How long a call takes (ms of the cluster); controllers wait for it. Default 0. */
  readonly takesMs?: number;
  /** How long it is there (ms of the cluster). Default: until it is ended. */
  readonly forMs?: number;
}
