// The operator as a list of its parts, in the order in which they are needed; and their end, in reverse.
import { once } from "node:events";
import { createLiveAnswers } from "../answers/live-answers.ts";
import type { MetricSources } from "../answers/metrics/metric-sources.ts";
import type { Dial } from "../answers/pods/dial.ts";
import { PodMetrics } from "../answers/pods/metrics/pod-metrics.ts";
import { awaitCluster } from "../controller/await-cluster.ts";
import { Controller } from "../controller/controller.ts";
import type { LeaderElection } from "../controller/leadership/leader-election.ts";
import { createLiveCluster } from "../controller/live-cluster.ts";
import { createSources, currentSinceAt } from "../controller/sources.ts";
import { UnreadSources } from "../controller/unread-sources.ts";
import { decide } from "../domain/decide.ts";
import type { Ask } from "../domain/snapshot/question.ts";
import { Caches } from "../kube/caches/caches.ts";
import { ClusterClock, type LocalTime } from "../kube/cluster-clock.ts";
import { type ApiClient, createApiClient } from "../kube/connection/api-client.ts";
import { NotLeadingError } from "../kube/connection/api-error.ts";
import { type Connector, createConnection } from "../kube/connection/connection.ts";
import type { ClusterOffer } from "../kube/connection/discovery.ts";
import { createGatedClient } from "../kube/connection/gated-client.ts";
import { loadKubeConfig } from "../kube/connection/kube-config.ts";
import { ProcessorBudget } from "../kube/processor-budget.ts";
import { EventPublisher } from "../kube/writes/event-publisher.ts";
import { Complaints } from "../telemetry/complaints.ts";
import type { Logger } from "../telemetry/logger.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics.ts";
import { VERSION } from "../version.ts";
import { createElection } from "./elect.ts";
import { countResponses, showCaches } from "./exposed-metrics.ts";
import { openMetricSources } from "./open-metric-sources.ts";
import { openPods } from "./open-pods.ts";
import { serve } from "./serve.ts";
import type { Settings } from "./settings-table.ts";

/** What is around the operator where it is not the machine itself: a simulation puts its own in place. */
export interface Surroundings {
  /** Opens the connections to the API server. */
  readonly connect?: Connector | undefined;
  /** Opens the connections to pods. */
  readonly dialPod?: Dial | undefined;
  /** The machine's clocks. */
  readonly localTime?: LocalTime | undefined;
  /** Where the figures are kept, for who reads them without HTTP. */
  readonly metrics?: Metrics | undefined;
}

/** Runs the operator until the signal aborts, then ends it cleanly. Rejects when it cannot start. */
export async function operate(
  settings: Settings,
  logger: Logger,
  signal: AbortSignal,
  { connect, dialPod, localTime, metrics = createMetrics({ version: VERSION }) }: Surroundings = {},
): Promise<void> {
  const clock = new ClusterClock({ rate: settings.clockRate, local: localTime });
  const connection = createConnection(() => loadKubeConfig(whichCluster(settings)), { connect });
  const client = createApiClient({
    connection,
    clock,
    userAgent: USER_AGENT,
    onResponse: countResponses(metrics),
  });
  let controller: Controller | undefined;
  const election =
    settings.leaderElection &&
    createElection(settings, { client, clock, logger, metrics }, () => controller?.leadershipChanged());
  const served = await serve(settings, {
    client,
    clock,
    logger,
    metrics,
    isAlive: () => controller?.isAlive() ?? true,
    isReady: () => controller?.isReady() ?? "waiting for the API server",
  });
  logger.info(`starting RolloutGuard ${VERSION}`, {
    server: connection.baseUrl,
    http: served.http ?? "off",
    ...(served.https !== undefined && { https: served.https }),
  });

  const metricSources = openMetricSources(settings, { clock, logger, metrics });
  const cluster = await Promise.race([awaitCluster(client, { clock, logger, signal }), aborted(signal)]);
  if (cluster) {
    logger.info(`connected to Kubernetes ${cluster.serverVersion}`);
    controller = createController(settings, {
      client,
      clock,
      logger,
      metrics,
      metricSources,
      cluster,
      election,
      dialPod,
    });
    await Promise.race([controller.start(), aborted(signal)]);
    // Not before the caches are filled, as far as they can be: who leads must be able to act at once.
    if (election && !signal.aborted) election.start();
    await aborted(signal);
    // The timeout is real time; the controller counts on the cluster's clock.
    const isDrained = await controller.stop(settings.shutdownTimeoutMs * settings.clockRate);
    if (!isDrained)
      logger.warn("shutdown timed out with reconciles in progress; they resume at the next start");
    if (election) await election.stop({ release: isDrained });
  }
  await metricSources.stop();
  await served.stop();
  await connection.close();
  logger.info("stopped");
}

const USER_AGENT = `rolloutguard/${VERSION}`;

/** An Event that cannot be published is told again after so long. */
const SAME_COMPLAINT_MS = 10 * 60_000;

/** What follows when questions cannot be answered, mostly because a permission is missing. */
const WITHOUT_ANSWER: Readonly<Record<Ask, string>> = {
  networkPolicies: "Cannot list NetworkPolicies; Incidents do not say when one of them blocks callers.",
  podLog: "Cannot read logs; Incidents do not quote them.",
  podEvents:
    "Cannot list Normal Events; RolloutGuard does not know whether nodes are being added for unschedulable pods.",
  metricSample: "Cannot ask a metric source; metric checks decide nothing until it answers.",
  httpSample: "Cannot ask pods; HTTP checks decide nothing.",
};

interface Parts {
  readonly client: ApiClient;
  readonly clock: ClusterClock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly metricSources: MetricSources;
  readonly cluster: ClusterOffer;
  /** False: this instance always acts. */
  readonly election: LeaderElection | false;
  readonly dialPod: Dial | undefined;
}

function createController(settings: Settings, parts: Parts): Controller {
  const { observeOnly, namespaces, workers, resyncIntervalMs, identity } = settings;
  const { client, clock, logger, metrics, metricSources, cluster, election, dialPod } = parts;
  const writing = election ? createGatedClient(client, { gate: election, clock }) : client;
  const { hasEndpointSlices } = cluster;
  const processor = new ProcessorBudget();
  const caches = new Caches({ onlyGuarded: true, deferring: { budget: processor, clock } });
  showCaches(metrics, caches);
  const complaints = new Complaints({ quietMs: SAME_COMPLAINT_MS });
  const events = new EventPublisher({
    client: writing,
    clock,
    reportingInstance: identity,
    onProblem: (message, error) => {
      if (error instanceof NotLeadingError) return;
      if (complaints.isNews("events", message, clock.now())) logger.warn(message, { error });
    },
  });
  const sources = createSources({ client, caches, clock, logger, metrics, namespaces, hasEndpointSlices });
  const pods = openPods(settings, { clock, userAgent: USER_AGENT, dialPod });
  const unread = new UnreadSources({ sources, clock, logger, metrics });
  return new Controller({
    sources,
    unread,
    caches,
    cluster: createLiveCluster({
      client: writing,
      caches,
      endpoints: hasEndpointSlices ? "endpointslices" : "endpoints",
      events,
      clock,
      observeOnly,
      currentSinceAt: () => currentSinceAt(sources),
      unreadIn: (namespace) => unread.in(namespace),
    }),
    answers: createLiveAnswers({
      client,
      caches,
      metricSources,
      pods,
      podMetrics: pods && new PodMetrics(pods),
      onUnavailable: ({ ask }, error) => {
        const message = WITHOUT_ANSWER[ask];
        if (complaints.isNews(ask, message, clock.now())) logger.info(message, { error });
      },
    }),
    decide,
    clock,
    processor,
    logger,
    metrics,
    workers,
    resyncIntervalMs,
    isLeading: election ? () => election.isLeading : undefined,
  });
}

function whichCluster({ kubeconfig, context }: Settings) {
  return { ...(kubeconfig && { file: kubeconfig }), ...(context && { context }) };
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, "abort");
  return undefined;
}
