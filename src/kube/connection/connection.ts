// The one way to the API server: two pools of connections that never exceed eight sockets, and fresh credentials.
import { createHash } from "node:crypto";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { currentAccess } from "./kube-config.ts";
import { ignoreOrphanStreams } from "./orphan-streams.ts";

// Eight sockets in all. A watch on HTTP/1.1 occupies its connection for minutes, so watches have a pool of their
// own and a request never waits for one. On HTTP/2 (every real API server) both pools carry a hundred streams on
// each connection, and two or three sockets are open.
const WATCH_CONNECTIONS = 7;
const REQUEST_CONNECTIONS = 1;
const STREAMS_PER_CONNECTION = 100;

const CONNECT_TIMEOUT_MS = 10_000;
/** Shorter than the idle timeout of usual load balancers and API servers, so they do not close under a write. */
const KEEP_IDLE_MS = 20_000;

/** A claim on one watch stream, in the order in which it was made. */
export interface WatchPlace {
  /** Whether a connection is left for this watch. False: read lists now and then instead. */
  canWatch(): boolean;
  release(): void;
}

/** Everything that is needed to send a request. */
export interface Connection {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Where a request of that kind goes out. Ask for each request: it changes with the TLS credentials. */
  dispatcher(kind: "request" | "watch"): Dispatcher;
  /** The headers that say who is asking. Token files are read again after a minute, exec plugins when they expire. */
  authorize(): Promise<IdentityHeaders>;
  /** Forgets every cached credential and reads the configuration anew: for an answer 401. */
  refresh(): void;
  reserveWatch(): WatchPlace;
  /** Ends every request and watch. */
  close(): Promise<void>;
}

/** Whom the user acts as, with rights to do so. */
export interface Impersonated {
  readonly user: string;
  readonly groups: readonly string[];
}

export interface ConnectionOptions {
  /** Takes the place of the network, for simulations; it is not used with a proxy. */
  readonly connect?: Connector | undefined;
  readonly impersonated?: Impersonated | undefined;
}

/** Headers that say who is asking. */
export type IdentityHeaders = Readonly<Record<string, string | string[]>>;

/** Opens one socket. */
export type Connector = buildConnector.connector;

/**
 * Connects to the API server that `load` names; `load` is called again for fresh credentials. Opens no socket yet.
 */
export function createConnection(
  load: () => KubeConfig,
  { connect, impersonated }: ConnectionOptions = {},
): Connection {
  ignoreOrphanStreams();
  let config = currentAccess(load());
  const { server, proxyUrl } = currentCluster(config);
  let pools: Pools | undefined;
  const places = new Set<WatchPlace>();

  // On HTTP/2 undici joins several values of a header, and the API server takes the joined text for one group.
  const allowH2 = (impersonated?.groups.length ?? 0) <= 1;
  const open = (tls: TlsOptions) => createPools(tls, { proxyUrl, connect, allowH2 });
  const poolsNow = () => (pools ??= open({}));

  async function authorize(): Promise<IdentityHeaders> {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const tls = tlsOf(options);
    const wanted = fingerprint(tls);
    if (pools?.fingerprint !== wanted) {
      // Sockets of the former certificate would go on being somebody else.
      const former = pools;
      pools = open(tls);
      await former?.destroy();
    }
    return { ...headersOf(options), ...impersonating(impersonated) };
  }

  return {
    baseUrl: server.replace(/\/+$/, ""),
    dispatcher: (kind) => poolsNow()[kind],
    authorize,
    refresh: () => {
      config = currentAccess(load());
    },
    reserveWatch() {
      const place: WatchPlace = {
        canWatch: () => [...places].indexOf(place) < poolsNow().watchStreams(),
        release: () => places.delete(place),
      };
      places.add(place);
      return place;
    },
    close: async () => pools?.destroy(),
  };
}

interface Pools {
  readonly request: Dispatcher;
  readonly watch: Dispatcher;
  readonly fingerprint: string;
  /** How many watches can be open at a time, by what the last connection negotiated. */
  watchStreams(): number;
  destroy(): Promise<void>;
}

type TlsOptions = Pick<
  RequestOptions,
  "ca" | "cert" | "key" | "pfx" | "passphrase" | "rejectUnauthorized" | "servername"
>;

interface PoolOptions {
  readonly proxyUrl: string | undefined;
  readonly connect: Connector | undefined;
  readonly allowH2: boolean;
}

function createPools(tls: TlsOptions, { proxyUrl, connect: connector, allowH2 }: PoolOptions): Pools {
  let speaksHttp2 = false;
  const connectDirectly =
    connector ??
    buildConnector({
      ...tls,
      allowH2,
      preferH2: allowH2,
      timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    });
  const connect: Connector = (options, callback) =>
    connectDirectly(options, (...result) => {
      const [, socket] = result;
      if (socket) speaksHttp2 = "alpnProtocol" in socket && socket.alpnProtocol === "h2";
      callback(...result);
    });
  const poolOf = (connections: number): Dispatcher => {
    const shared = { connections, keepAliveTimeout: KEEP_IDLE_MS, keepAliveMaxTimeout: KEEP_IDLE_MS };
    if (proxyUrl === undefined) return new Agent({ ...shared, allowH2, connect });
    return new ProxyAgent({ ...shared, uri: proxyUrl, requestTls: tls, allowH2: false });
  };
  const request = poolOf(REQUEST_CONNECTIONS);
  const watch = poolOf(WATCH_CONNECTIONS);
  let destroyed: Promise<unknown> | undefined;
  return {
    request,
    watch,
    fingerprint: fingerprint(tls),
    watchStreams: () => WATCH_CONNECTIONS * (speaksHttp2 ? STREAMS_PER_CONNECTION : 1),
    // A second time would be an error: new credentials and the end of the process may come together.
    destroy: async () => {
      destroyed ??= Promise.all([request.destroy(), watch.destroy()]);
      await destroyed;
    },
  };
}

function currentCluster(config: KubeConfig) {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error("the kubeconfig refers to no cluster");
  if (cluster.proxyUrl !== undefined && !/^https?:/.test(cluster.proxyUrl)) {
    throw new Error(
      `proxy-url ${cluster.proxyUrl} of the kubeconfig is not supported; use an http:// or https:// proxy`,
    );
  }
  return cluster;
}

function tlsOf(options: RequestOptions): TlsOptions {
  const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  const all = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function fingerprint(tls: TlsOptions): string {
  return createHash("sha256").update(JSON.stringify(tls)).digest("hex");
}

function impersonating(impersonated: Impersonated | undefined): IdentityHeaders {
  if (impersonated === undefined) return {};
  const { user, groups } = impersonated;
  return { "impersonate-user": user, ...(groups.length > 0 && { "impersonate-group": [...groups] }) };
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers[name.toLowerCase()] = String(value).trim();
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  return headers;
}
