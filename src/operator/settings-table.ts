// Every setting of the operator, once: flag, variable, default and meaning. --help, the docs page and the parser read this table.
import { LOG_LEVELS, type LogLevel } from "../telemetry/log-record.ts";
import { LOG_FORMATS, type LogFormat } from "../telemetry/logger.ts";
import {
  decimalNumber,
  durationMs,
  type ListenAddress,
  listenAddress,
  nameList,
  namespaceOrNone,
  objectName,
  oneOf,
  onOff,
  proxyUrl,
  type SettingKind,
  text,
  wholeNumber,
} from "./setting-kinds.ts";

/** What the operator was told when it was started. */
export interface Settings {
  /** Empty: the usual places, then the pod's own service account. */
  readonly kubeconfig: string;
  /** Empty: the kubeconfig's current context. */
  readonly context: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly observeOnly: boolean;
  readonly workers: number;
  readonly metricsAddress: ListenAddress | "off";
  readonly metricsSecureAddress: ListenAddress | "off";
  /** The folder of its files. Empty: a self-signed one. */
  readonly metricsCertificate: string;
  /** The file that describes them. Empty: there are none. */
  readonly metricSources: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Whether pods are asked: for HTTP checks, and for metric checks whose source is the pods. */
  readonly httpChecks: boolean;
  /** How pods are reached from outside the cluster's network. */
  readonly podProxy: URL | "none";
  readonly clockRate: number;
  /** Never empty after parsing: the host name when none is given. */
  readonly identity: string;
  readonly resyncIntervalMs: number;
  readonly shutdownTimeoutMs: number;
  /** Act only while holding a Lease that all instances share; else act always. */
  readonly leaderElection: boolean;
  readonly leaseName: string;
  /** Never empty after parsing when there is leader election: the pod's own namespace when none is given. */
  readonly leaseNamespace: string;
  readonly leaseDurationMs: number;
  /** Shorter than the duration; longer than the longest pause between two renewals. */
  readonly leaseRenewDeadlineMs: number;
  readonly leaseRetryPeriodMs: number;
}

export interface Setting<T> {
  readonly flag: string;
  readonly variable: string;
  readonly kind: SettingKind<T>;
  /** As one would write it. */
  readonly byDefault: string;
  /** What the help shows in place of an empty default. */
  readonly emptyMeans?: string;
  readonly help: string;
}

const MINUTE_MS = 60_000;

/** In the order of the help. */
export const SETTINGS: { readonly [K in keyof Settings]: Setting<Settings[K]> } = {
  kubeconfig: {
    flag: "--kubeconfig",
    variable: "ROLLOUTGUARD_KUBECONFIG",
    kind: text("<file>", "the path of a kubeconfig file"),
    byDefault: "",
    emptyMeans: "like kubectl, or in-cluster",
    help: "Path of the kubeconfig file",
  },
  context: {
    flag: "--context",
    variable: "ROLLOUTGUARD_CONTEXT",
    kind: text("<name>", "the name of a context in the kubeconfig"),
    byDefault: "",
    emptyMeans: "the current context",
    help: "Context of the kubeconfig to use",
  },
  namespaces: {
    flag: "--namespaces",
    variable: "ROLLOUTGUARD_NAMESPACES",
    kind: nameList(),
    byDefault: "",
    emptyMeans: "all",
    help: "Namespaces to watch",
  },
  observeOnly: {
    flag: "--observe-only",
    variable: "ROLLOUTGUARD_OBSERVE_ONLY",
    kind: onOff(),
    byDefault: "false",
    help: "Record Incidents, but never change a workload",
  },
  workers: {
    flag: "--workers",
    variable: "ROLLOUTGUARD_WORKERS",
    kind: wholeNumber(1, 64),
    byDefault: "4",
    help: "Number of guards reconciled concurrently",
  },
  metricsAddress: {
    flag: "--metrics-address",
    variable: "ROLLOUTGUARD_METRICS_ADDRESS",
    kind: listenAddress(),
    byDefault: "0.0.0.0:8080",
    help: "Address of metrics and health; 0 to disable",
  },
  metricsSecureAddress: {
    flag: "--metrics-secure-address",
    variable: "ROLLOUTGUARD_METRICS_SECURE_ADDRESS",
    kind: listenAddress(),
    byDefault: "0",
    help: "Address of authorized /metrics over TLS; 0 to disable",
  },
  metricsCertificate: {
    flag: "--metrics-certificate",
    variable: "ROLLOUTGUARD_METRICS_CERTIFICATE",
    kind: text("<folder>", "the path of a folder with tls.crt and tls.key"),
    byDefault: "",
    emptyMeans: "self-signed",
    help: "Certificate for it; reloaded when it changes",
  },
  metricSources: {
    flag: "--metric-sources",
    variable: "ROLLOUTGUARD_METRIC_SOURCES",
    kind: text("<file>", "the path of a file of metric sources"),
    byDefault: "",
    emptyMeans: "none",
    help: "Sources for metric checks; reloaded when it changes",
  },
  logLevel: {
    flag: "--log-level",
    variable: "ROLLOUTGUARD_LOG_LEVEL",
    kind: oneOf("<level>", LOG_LEVELS),
    byDefault: "info",
    help: "Minimum level to log: error, warn, info or debug",
  },
  logFormat: {
    flag: "--log-format",
    variable: "ROLLOUTGUARD_LOG_FORMAT",
    kind: oneOf("<format>", LOG_FORMATS),
    byDefault: "auto",
    help: "Log format: json, text, or auto (text on a terminal)",
  },
  httpChecks: {
    flag: "--http-checks",
    variable: "ROLLOUTGUARD_HTTP_CHECKS",
    kind: onOff(),
    byDefault: "false",
    help: "Ask pods for HTTP checks and read their metrics",
  },
  podProxy: {
    flag: "--pod-proxy",
    variable: "ROLLOUTGUARD_POD_PROXY",
    kind: proxyUrl(),
    byDefault: "",
    emptyMeans: "none",
    help: "HTTP proxy to pods, for use outside a cluster",
  },
  clockRate: {
    flag: "--clock-rate",
    variable: "ROLLOUTGUARD_CLOCK_RATE",
    kind: decimalNumber(0.01, 1000),
    byDefault: "1",
    help: "Speed of the clock, for simulated clusters only",
  },
  identity: {
    flag: "--identity",
    variable: "ROLLOUTGUARD_IDENTITY",
    kind: text("<name>", "a name that is unique among the instances"),
    byDefault: "",
    emptyMeans: "the host name",
    help: "Name of this instance in Events and logs",
  },
  resyncIntervalMs: {
    flag: "--resync-interval",
    variable: "ROLLOUTGUARD_RESYNC_INTERVAL",
    kind: durationMs(10_000, 24 * 60 * MINUTE_MS),
    byDefault: "10m",
    help: "How often to reconcile each guard without a change",
  },
  shutdownTimeoutMs: {
    flag: "--shutdown-timeout",
    variable: "ROLLOUTGUARD_SHUTDOWN_TIMEOUT",
    kind: durationMs(0, 10 * MINUTE_MS),
    byDefault: "10s",
    help: "How long to wait for running reconciles after SIGTERM",
  },
  leaderElection: {
    flag: "--leader-election",
    variable: "ROLLOUTGUARD_LEADER_ELECTION",
    kind: onOff(),
    byDefault: "false",
    help: "Enable leader election; only the leader acts",
  },
  leaseName: {
    flag: "--lease-name",
    variable: "ROLLOUTGUARD_LEASE_NAME",
    kind: objectName(),
    byDefault: "rolloutguard",
    help: "Name of the Lease for leader election",
  },
  leaseNamespace: {
    flag: "--lease-namespace",
    variable: "ROLLOUTGUARD_LEASE_NAMESPACE",
    kind: namespaceOrNone(),
    byDefault: "",
    emptyMeans: "the pod's namespace",
    help: "Namespace of the Lease",
  },
  leaseDurationMs: {
    flag: "--lease-duration",
    variable: "ROLLOUTGUARD_LEASE_DURATION",
    kind: durationMs(2_000, 60 * MINUTE_MS),
    byDefault: "15s",
    help: "How long a standby waits before it takes over",
  },
  leaseRenewDeadlineMs: {
    flag: "--lease-renew-deadline",
    variable: "ROLLOUTGUARD_LEASE_RENEW_DEADLINE",
    kind: durationMs(1_000, 60 * MINUTE_MS),
    byDefault: "10s",
    help: "How long the leader tries to renew before it stops",
  },
  leaseRetryPeriodMs: {
    flag: "--lease-retry-period",
    variable: "ROLLOUTGUARD_LEASE_RETRY_PERIOD",
    kind: durationMs(100, 10 * MINUTE_MS),
    byDefault: "2s",
    help: "How often to renew the Lease or try to acquire it",
  },
};
