// The operator's HTTP side: health in plain text, metrics beside it or, where that is wanted, over TLS for those who may read them.
import { reviewAccess } from "../kube/access-reviews.ts";
import type { Clock } from "../kube/clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { certificateFrom } from "../telemetry/certificate.ts";
import { Complaints } from "../telemetry/complaints.ts";
import { type HttpServer, type Route, startHttpServer } from "../telemetry/http-server.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { forReaders, healthRoutes, metricsRoute, type Verdict } from "../telemetry/routes.ts";
import { selfSignedCertificate } from "../telemetry/self-signed-certificate.ts";
import { MetricsReaders } from "./metrics-readers.ts";
import { SETTINGS, type Settings } from "./settings-table.ts";

export interface ServeParts {
  readonly client: Pick<ApiClient, "create">;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly isAlive: Verdict;
  readonly isReady: Verdict;
}

export interface Served {
  /** Where health is, and the metrics that everybody can read; undefined for nowhere. */
  readonly http?: string | undefined;
  /** Where the metrics are for those who may read them; undefined for nowhere. */
  readonly https?: string | undefined;
  stop(): Promise<void>;
}

const METRICS = "/metrics";
/** As the Service is called that leads there. */
const OWN_NAME = "rolloutguard-metrics";
const SAME_COMPLAINT_MS = 10 * 60_000;

/** Starts what the settings ask for. Rejects with what to do when an address or a certificate cannot be had. */
export async function serve(settings: Settings, parts: ServeParts): Promise<Served> {
  const { metricsAddress, metricsSecureAddress } = settings;
  const servers: HttpServer[] = [];
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())));
  const start = async (...options: Parameters<typeof startHttpServer>) => {
    const server = await startHttpServer(...options);
    servers.push(server);
    return server.url;
  };
  const metrics = metricsRoute(parts.metrics);
  const isSecure = metricsSecureAddress !== "off";
  const open = { ...healthRoutes(parts), ...(!isSecure && { [METRICS]: metrics }) };
  try {
    const http =
      metricsAddress === "off"
        ? undefined
        : await start({ ...metricsAddress, flag: SETTINGS.metricsAddress.flag, routes: open });
    const https =
      metricsSecureAddress === "off"
        ? undefined
        : await start({
            ...metricsSecureAddress,
            flag: SETTINGS.metricsSecureAddress.flag,
            routes: { [METRICS]: guarded(metrics, parts) },
            certificate: certificateOf(settings, parts.logger),
          });
    return { http, https, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function guarded(metrics: Route, { client, clock, logger }: ServeParts): Route {
  const complaints = new Complaints({ quietMs: SAME_COMPLAINT_MS });
  const readers = new MetricsReaders({
    review: (token) => reviewAccess(client, token, METRICS),
    clock,
    onProblem: (error) => {
      const message = "cannot review access to /metrics; requests are rejected until this works";
      if (complaints.isNews(METRICS, message, clock.now())) logger.warn(message, { error });
    },
  });
  return forReaders(metrics, (token) => readers.verdictOn(token));
}

function certificateOf({ metricsCertificate: folder }: Settings, logger: Logger) {
  if (folder !== "") return certificateFrom(folder, (message) => logger.error(message));
  const certificate = selfSignedCertificate(OWN_NAME, Date.now());
  return () => certificate;
}
