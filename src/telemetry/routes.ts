// What is served: health for the kubelet, metrics for Prometheus, to everybody or to those who may read them.
import type { ServerResponse } from "node:http";
import { type Route, send, sendError } from "./http-server.ts";
import type { Metrics } from "./metrics.ts";

/** True, or a sentence that says what is missing. */
export type Verdict = () => true | string;

/** /healthz: whether the operator makes progress. /readyz: whether it can be relied on. */
export function healthRoutes(health: {
  readonly isAlive: Verdict;
  readonly isReady: Verdict;
}): Readonly<Record<string, Route>> {
  return {
    "/healthz": (_request, response) => sendVerdict(response, health.isAlive()),
    "/readyz": (_request, response) => sendVerdict(response, health.isReady()),
  };
}

/** The metrics in the form of Prometheus. */
export function metricsRoute(metrics: Pick<Metrics, "render">): Route {
  return async (_request, response) => {
    try {
      const { contentType, body } = await metrics.render();
      send(response, 200, contentType, body);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      sendError(response, 500, `cannot read the metrics: ${why}`);
    }
  };
}

/** What the cluster says of a token; "busy" when it cannot be asked now. */
export type ReaderVerdict = "allowed" | "unauthenticated" | "forbidden" | "busy";

/** The same route for those only whose bearer token is allowed to read it. */
export function forReaders(route: Route, verdictOn: (token: string) => Promise<ReaderVerdict>): Route {
  return async (request, response) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const verdict = token === undefined ? "unauthenticated" : await verdictOn(token);
    switch (verdict) {
      case "allowed":
        return route(request, response);
      case "unauthenticated":
        response.setHeader("www-authenticate", "Bearer");
        return sendError(response, 401, "send the bearer token of an account that can read /metrics");
      case "forbidden":
        return sendError(response, 403, "this account cannot get /metrics; bind it to a role that allows it");
      case "busy":
        response.setHeader("retry-after", "5");
        return sendError(response, 503, "cannot review the token at the moment; try again");
    }
  };
}

function sendVerdict(response: ServerResponse, verdict: true | string): void {
  const isGood = verdict === true;
  send(response, isGood ? 200 : 503, "text/plain; charset=utf-8", `${isGood ? "ok" : verdict}\n`);
}
