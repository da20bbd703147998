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
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
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
    emptyMeans: "as kubectl, then in-cluster",
    help: "How to reach the API server",
  },
  context: {
    flag: "--context",
    variable: "ROLLOUTGUARD_CONTEXT",
    kind: text("<name>", "the name of a context in the kubeconfig"),
    byDefault: "",
    emptyMeans: "the current context",
    help: "Which cluster of the kubeconfig",
  },
  namespaces: {
    flag: "--namespaces",
    variable: "ROLLOUTGUARD_NAMESPACES",
    kind: nameList(),
    byDefault: "",
    emptyMeans: "all",
    help: "Which namespaces to guard",
  },
  observeOnly: {
    flag: "--observe-only",
    variable: "ROLLOUTGUARD_OBSERVE_ONLY",
    kind: onOff(),
    byDefault: "false",
    help: "Only record Incidents, whatever the guards say",
  },
  workers: {
    flag: "--workers",
    variable: "ROLLOUTGUARD_WORKERS",
    kind: wholeNumber(1, 64),
    byDefault: "4",
    help: "How many guards are looked at at the same time",
  },
  metricsAddress: {
    flag: "--metrics-address",
    variable: "ROLLOUTGUARD_METRICS_ADDRESS",
    kind: listenAddress(),
    byDefault: "0.0.0.0:8080",
    help: "Where /metrics and health are; 0 for nowhere",
  },
  metricsSecureAddress: {
    flag: "--metrics-secure-address",
    variable: "ROLLOUTGUARD_METRICS_SECURE_ADDRESS",
    kind: listenAddress(),
    byDefault: "0",
    help: "/metrics over TLS, for who can read it; 0 for nowhere",
  },
  metricsCertificate: {
    flag: "--metrics-certificate",
    variable: "ROLLOUTGUARD_METRICS_CERTIFICATE",
    kind: text("<folder>", "the path of a folder with tls.crt and tls.key"),
    byDefault: "",
    emptyMeans: "a self-signed certificate",
    help: "The certificate for it; read again when it changes",
  },
  logLevel: {
    flag: "--log-level",
    variable: "ROLLOUTGUARD_LOG_LEVEL",
    kind: oneOf("<level>", LOG_LEVELS),
    byDefault: "info",
    help: "The least worth a line: error, warn, info or debug",
  },
  logFormat: {
    flag: "--log-format",
    variable: "ROLLOUTGUARD_LOG_FORMAT",
    kind: oneOf("<format>", LOG_FORMATS),
    byDefault: "auto",
    help: "json, text, or auto: text on a terminal, JSON elsewhere",
  },
  clockRate: {
    flag: "--clock-rate",
    variable: "ROLLOUTGUARD_CLOCK_RATE",
    kind: decimalNumber(0.01, 1000),
    byDefault: "1",
    help: "Only for simulated clusters: how much faster the clock runs",
  },
  identity: {
    flag: "--identity",
    variable: "ROLLOUTGUARD_IDENTITY",
    kind: text("<name>", "a name that no other operator of the cluster has"),
    byDefault: "",
    emptyMeans: "the host name",
    help: "Who this operator is, in Events and in the log",
  },
  resyncIntervalMs: {
    flag: "--resync-interval",
    variable: "ROLLOUTGUARD_RESYNC_INTERVAL",
    kind: durationMs(10_000, 24 * 60 * MINUTE_MS),
    byDefault: "10m",
    help: "How often each guard is looked at without a change",
  },
  shutdownTimeoutMs: {
    flag: "--shutdown-timeout",
    variable: "ROLLOUTGUARD_SHUTDOWN_TIMEOUT",
    kind: durationMs(0, 10 * MINUTE_MS),
    byDefault: "10s",
    help: "How long work in progress may take to end after SIGTERM",
  },
  leaderElection: {
    flag: "--leader-election",
    variable: "ROLLOUTGUARD_LEADER_ELECTION",
    kind: onOff(),
    byDefault: "false",
    help: "Of several instances only the holder of a Lease acts",
  },
  leaseName: {
    flag: "--lease-name",
    variable: "ROLLOUTGUARD_LEASE_NAME",
    kind: objectName(),
    byDefault: "rolloutguard",
    help: "The Lease that all instances share",
  },
  leaseNamespace: {
    flag: "--lease-namespace",
    variable: "ROLLOUTGUARD_LEASE_NAMESPACE",
    kind: namespaceOrNone(),
    byDefault: "",
    emptyMeans: "the pod's own",
    help: "Where the Lease is",
  },
  leaseDurationMs: {
    flag: "--lease-duration",
    variable: "ROLLOUTGUARD_LEASE_DURATION",
    kind: durationMs(2_000, 60 * MINUTE_MS),
    byDefault: "15s",
    help: "A Lease that was not renewed for so long is free",
  },
  leaseRenewDeadlineMs: {
    flag: "--lease-renew-deadline",
    variable: "ROLLOUTGUARD_LEASE_RENEW_DEADLINE",
    kind: durationMs(1_000, 60 * MINUTE_MS),
    byDefault: "10s",
    help: "A holder that could not renew for so long stops acting",
  },
  leaseRetryPeriodMs: {
    flag: "--lease-retry-period",
    variable: "ROLLOUTGUARD_LEASE_RETRY_PERIOD",
    kind: durationMs(100, 10 * MINUTE_MS),
    byDefault: "2s",
    help: "How often the Lease is renewed, or looked at",
  },
};
