// For tests: an API client that talks to a scripted server, with all that a test may want to see of it.

import { ClusterClock } from "../cluster-clock.ts";
import { type ApiClient, createApiClient } from "../connection/api-client.ts";
import { type Connection, createConnection } from "../connection/connection.ts";
import type { ResponseReport } from "../connection/exchange.ts";
import { type Script, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

export interface ScriptedClient {
  readonly server: ScriptedServer;
  readonly client: ApiClient;
  readonly clock: ClusterClock;
  readonly connection: Connection;
  readonly reports: readonly ResponseReport[];
  stop(): Promise<void>;
}

export interface ScriptedClientOptions {
  readonly protocol?: "http/1.1" | "h2" | undefined;
  readonly requestTimeoutMs?: number | undefined;
  /** How much shorter than real the delays of the clock are; 1000 makes a back-off of a second one millisecond. */
  readonly rate?: number | undefined;
  /** The user of the kubeconfig; called again for fresh credentials. */
  readonly user?: (() => Readonly<Record<string, unknown>>) | undefined;
}

export async function startScriptedClient(
  script: Script,
  options: ScriptedClientOptions = {},
): Promise<ScriptedClient> {
  const { protocol, requestTimeoutMs = 5_000, rate = 1_000, user = () => ({}) } = options;
  const server = await startScriptedServer(script, { protocol });
  const clock = new ClusterClock({ rate });
  const connection = createConnection(() => server.kubeConfig(user()));
  const reports: ResponseReport[] = [];
  const client = createApiClient({
    connection,
    clock,
    userAgent: "rolloutguard-test",
    requestTimeoutMs,
    chance: () => 0.5,
    onResponse: (report) => reports.push(report),
  });
  return {
    server,
    client,
    clock,
    connection,
    reports,
    stop: async () => {
      await connection.close();
      await server.stop();
    },
  };
}
