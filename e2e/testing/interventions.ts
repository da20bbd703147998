// What a test does at the moment when the operator asks something of the API server, and to that request.
import type { HandlerEffect } from "@rolloutguard/simulated-cluster";
import { isOperators } from "./ledger.ts";
import type { Story } from "./story.ts";

/** Asks about each request of the operators in the story's namespace, told as "patch incidents/status". */
export function atRequests(story: Story, act: (request: string) => HandlerEffect | undefined): () => void {
  return story.world.cluster.onRequest((request) => {
    const { target, verb } = request;
    if (!isOperators(request) || target?.namespace !== story.namespace) return undefined;
    const { resource, subresource } = target;
    return act(`${verb} ${resource}${subresource ? `/${subresource}` : ""}`);
  });
}

/** As {@link atRequests}, for those that change something. */
export function atWrites(story: Story, act: (write: string) => HandlerEffect | undefined): () => void {
  const isRead = (request: string) => /^(get|list|watch) /.test(request);
  return atRequests(story, (request) => (isRead(request) ? undefined : act(request)));
}

/** Something happens in the cluster just before the first request of this kind is carried out. */
export function beforeFirst(story: Story, wanted: string, act: () => void): void {
  const stop = atRequests(story, (request) => {
    if (request === wanted) {
      stop();
      act();
    }
    return undefined;
  });
}

/** The first request of this kind fares like that. */
export function firstFares(story: Story, wanted: string, intervention: HandlerEffect): void {
  const stop = atRequests(story, (request) => {
    if (request !== wanted) return undefined;
    stop();
    return intervention;
  });
}
