// What no real API server has: /simulated, by which people and scripts make things go wrong in a running cluster.

import type { ApiRequest } from "../api-request.ts";
import { ApiError, badRequest } from "../api-server/api-error.ts";
import type { AdminEndpoint, RestartOptions } from "../api-server/http/api-server.ts";
import { refusal } from "../api-server/http/router.ts";
import { readFault } from "../faults/fault-schema.ts";
import type { FaultHandle, Faults } from "../faults/faults.ts";
import { readNodeFault } from "../kubelet/faults/node-fault-schema.ts";
import type { NodeFaultHandle, NodeFaults } from "../kubelet/faults/node-faults.ts";
import type { SimulatedImage } from "../kubelet/images/images.ts";
import { readImage, readNodeState, readRestart } from "./admin-input.ts";

/** What of the cluster can be steered from outside. */
export interface Steerable {
  readonly faults: Faults;
  readonly nodeFaults: NodeFaults;
  readonly images: { set(image: string, properties: SimulatedImage): void };
  now(): number;
  nodeNames(): readonly string[];
  setNodeReady(name: string, isReady: boolean): void;
  expireResourceVersions(): void;
  restartApiServer(options: RestartOptions): Promise<void>;
}

const USAGE = {
  "GET /simulated/faults": "the faults in force",
  "POST /simulated/faults":
    'puts one in force, as {"on": {"verb": "patch"}, "does": {"cut": "after"}, "times": 1}',
  "DELETE /simulated/faults": "ends all of them",
  "DELETE /simulated/faults/ID": "ends one",
  "GET /simulated/node-faults": "the faults of nodes in force",
  "POST /simulated/node-faults":
    'puts one in force, as {"on": {"image": "shop:v2"}, "does": {"pull": "throttled"}, "forMs": 60000}',
  "DELETE /simulated/node-faults": "ends all of them",
  "DELETE /simulated/node-faults/ID": "ends one",
  "PUT /simulated/images/NAME": 'says what an image is in its registry: {"isOnNodes": false, "build": "2"}',
  "POST /simulated/restart": 'restarts the API server, as {"downMs": 5000, "keepsHistory": false}',
  "POST /simulated/expire": "forgets all history: older resourceVersions are answered with 410",
  "PUT /simulated/nodes/NAME": 'cuts a node off or brings it back: {"ready": false}',
  "GET /simulated/clock": "the cluster's time",
};
const ROOT = "/simulated";
/** The answer to a restart is on its way before the connections break (real ms). */
const RESTART_AFTER_MS = 20;

/** Answers what is asked of /simulated; leaves everything else to the API. */
export function createAdminEndpoint(cluster: Steerable): AdminEndpoint {
  const routes: Readonly<Record<string, (name: string, request: ApiRequest) => object>> = {
    "GET /": () => USAGE,
    "GET /faults": () => ({ faults: cluster.faults.list().map(reportFault) }),
    "POST /faults": (_, request) => {
      const read = readFault(readJson(request));
      if ("errors" in read) throw badRequest(read.errors.join("; "));
      return reportFault(cluster.faults.add(read.fault));
    },
    "DELETE /faults": (id) => endFaults(cluster.faults, id),
    "GET /node-faults": () => ({ faults: cluster.nodeFaults.list().map(reportFault) }),
    "POST /node-faults": (_, request) => {
      const read = readNodeFault(readJson(request));
      if ("errors" in read) throw badRequest(read.errors.join("; "));
      return reportFault(cluster.nodeFaults.add(read.fault));
    },
    "DELETE /node-faults": (id) => endFaults(cluster.nodeFaults, id),
    "PUT /images": (image, request) => {
      const properties = readImage(readJson(request));
      cluster.images.set(image, properties);
      return { image, ...properties };
    },
    "POST /restart": (_, request) => {
      const options = readRestart(readJson(request));
      setTimeout(() => void cluster.restartApiServer(options), RESTART_AFTER_MS);
      return { restarting: options };
    },
    "POST /expire": () => {
      cluster.expireResourceVersions();
      return { expired: true };
    },
    "PUT /nodes": (name, request) => {
      const names = cluster.nodeNames();
      if (!names.includes(name)) {
        throw new ApiError(404, "NotFound", `There is no node "${name}"; there are ${names.join(", ")}.`);
      }
      const { ready } = readNodeState(readJson(request));
      cluster.setNodeReady(name, ready);
      return { name, ready };
    },
    "GET /clock": () => ({ now: new Date(cluster.now()).toISOString() }),
  };

  return (request) => {
    const { path, method } = request;
    if (path !== ROOT && !path.startsWith(`${ROOT}/`)) return undefined;
    // The name of an image has slashes of its own.
    const [, what = "", name = ""] = /^([^/]*)\/?(.*)$/.exec(path.slice(ROOT.length + 1)) ?? [];
    const route = routes[`${method} /${what}`];
    try {
      if (route === undefined) {
        const known = Object.keys(USAGE).join(", ");
        throw new ApiError(404, "NotFound", `There is no ${method} ${path}. There are: ${known}.`);
      }
      return { code: 200, body: `${JSON.stringify(route(decodeURIComponent(name), request))}\n` };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return refusal(error);
    }
  };
}

type AnyFaults = Faults | NodeFaults;

function reportFault({ id, hits, isActive, fault }: FaultHandle | NodeFaultHandle): object {
  return { id, hits, isActive, ...fault };
}

/** Ends one fault, or all without an id. */
function endFaults(faults: AnyFaults, id: string): object {
  if (id === "") faults.clear();
  else faultNamed(faults, id).end();
  return { faults: faults.list().map(reportFault) };
}

function faultNamed(faults: AnyFaults, id: string): FaultHandle | NodeFaultHandle {
  const all: readonly (FaultHandle | NodeFaultHandle)[] = faults.list();
  const found = all.find((each) => each.id === id);
  if (found === undefined) {
    const ids = all.map((each) => each.id);
    const known = ids.length === 0 ? "none is in force" : `in force are ${ids.join(", ")}`;
    throw new ApiError(404, "NotFound", `There is no fault "${id}"; ${known}.`);
  }
  return found;
}

function readJson({ body }: ApiRequest): unknown {
  try {
    return JSON.parse(body === "" ? "{}" : body);
  } catch (error) {
    throw badRequest(`The body must be JSON: ${(error as Error).message}`);
  }
}
