// Holds one request at the API server: a validating webhook keeps it while the test does something, then refuses it,
// as if it had never arrived.
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from "../../src/kube/testing/localhost-certificate.ts";
import { type HeldWrite, webhookConfiguration } from "./admission-manifest.ts";
import type { Kubectl } from "./kubectl.ts";

interface AdmissionReview {
  readonly request: { readonly uid: string; readonly userInfo: { readonly username: string } };
}

export interface AdmissionHook {
  /** Resolves when the first such write arrived and `atArrival` was done with it. It is refused then. */
  readonly held: Promise<void>;
  /** Takes the webhook away. */
  remove(): Promise<void>;
}

/** From the moment this resolves, the first such write is held. Needs an API server in this network namespace. */
export async function holdFirst(
  kubectl: Kubectl,
  write: HeldWrite,
  atArrival: () => Promise<void>,
): Promise<AdmissionHook> {
  const arrival = Promise.withResolvers<void>();
  // A failure is told by whoever waits for it.
  arrival.promise.catch(() => {});
  const asked = new Set<string>();
  let hasArrived = false;
  const decide = async (username: string): Promise<boolean> => {
    asked.add(username);
    if (hasArrived || username !== write.username) return true;
    hasArrived = true;
    await atArrival().then(arrival.resolve, arrival.reject);
    return false;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { uid, userInfo } = await readReview(request);
    const verdict = { uid, allowed: await decide(userInfo.username), status: { message: "held by a test" } };
    const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: verdict };
    response.setHeader("content-type", "application/json").end(JSON.stringify(review));
  };
  const server = createServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY }, (request, response) => {
    answer(request, response).catch(arrival.reject);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const configuration = webhookConfiguration(write, `https://localhost:${port}/`, LOCALHOST_CERTIFICATE);
  await kubectl(["apply", "-f", "-"], JSON.stringify(configuration));
  await untilInForce(kubectl, write, () => asked.size > 0);
  return {
    held: arrival.promise,
    async remove() {
      await kubectl(["delete", "validatingwebhookconfiguration", configuration.metadata.name]);
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The API server takes a moment to know a webhook: it is asked to try a ConfigMap until the webhook is called. */
async function untilInForce(
  kubectl: Kubectl,
  { namespace }: HeldWrite,
  wasAsked: () => boolean,
): Promise<void> {
  for (let tries = 0; tries < 60 && !wasAsked(); tries += 1) {
    await kubectl(["--namespace", namespace, "create", "configmap", "in-force", "--dry-run=server"]);
    await sleep(250);
  }
  if (!wasAsked()) throw new Error("the API server never called the webhook");
}

async function readReview(request: IncomingMessage): Promise<AdmissionReview["request"]> {
  const review = (await json(request)) as AdmissionReview;
  return review.request;
}
