// Every alert, once: the rules for Prometheus, the PrometheusRule, the chart and the page of the alerts are made from this.

export interface Alert {
  readonly name: string;
  /** PromQL. Two replicas export the same gauges, so each is aggregated. */
  readonly expr: string;
  /** How long it must hold; undefined: not at all. RolloutGuard has waited already where it judges. */
  readonly for?: string;
  readonly severity: "critical" | "warning" | "info";
  /** One sentence without labels. */
  readonly summary: string;
  /** With labels, as a template of Prometheus. */
  readonly description: string;
  /** What the person on call does, in Markdown. */
  readonly response: string;
}

const WORKLOAD = "{{ $labels.namespace }}/{{ $labels.workload }}";

export const ALERTS: readonly Alert[] = [
  {
    name: "RolloutGuardServiceWithoutEndpoints",
    expr: "max by (namespace, service) (rolloutguard_ready_endpoints) == 0",
    for: "2m",
    severity: "critical",
    summary: "A Service of a guarded workload has no ready endpoints.",
    description:
      "Service {{ $labels.namespace }}/{{ $labels.service }} has had no ready endpoints for two minutes.",
    response:
      "Run `kubectl rolloutguard status` in the namespace. If a rollout fails and no rollback is in progress, the status names the brake that prevents it. If no rollout is in progress, check the pods, and the selector and the ports of the Service.",
  },
  {
    name: "RolloutGuardNotRecovered",
    expr: 'max by (namespace, workload, reason) (rolloutguard_open_incidents{phase="NotRecovered"}) > 0',
    severity: "critical",
    summary: "A rollback did not restore service.",
    description: `The rollback of ${WORKLOAD} ({{ $labels.reason }}) did not restore service. RolloutGuard does not try again.`,
    response:
      "Read the Incident: `kubectl describe incidents` shows what failed before and after the rollback. The cause is often outside of the release, such as a ConfigMap, a Secret or a dependency that all revisions use.",
  },
  {
    name: "RolloutGuardIncidentHeld",
    expr: 'max by (namespace, workload, reason, brake) (rolloutguard_open_incidents{phase="Held"}) > 0',
    for: "5m",
    severity: "warning",
    summary: "A rollout fails, and RolloutGuard does not roll it back.",
    description: `The rollout of ${WORKLOAD} fails ({{ $labels.reason }}). No rollback: {{ $labels.brake }}.`,
    response:
      "The [page of the brake](../reasons/index.md) says what releases it. Correct the release, or roll back: `kubectl rolloutguard rollback`.",
  },
  {
    name: "RolloutGuardRolledBack",
    expr: 'sum(increase(rolloutguard_rollbacks_total{outcome="sent"}[15m])) > 0',
    severity: "info",
    summary: "RolloutGuard rolled back a workload.",
    description: "RolloutGuard sent {{ $value | humanize }} rollbacks in the last 15 minutes.",
    response:
      "Run `kubectl rolloutguard incidents -A`. Each Incident has the cause and what to change. Correct the source of the release, or the next deployment brings the failure back.",
  },
  {
    name: "RolloutGuardKeepsRollingBack",
    expr: 'sum by (reason) (increase(rolloutguard_brakes_total{reason=~"RollbackLimitReached|TargetQuarantined|ReappliedAgain"}[1h])) > 0',
    severity: "warning",
    summary: "Rollbacks of the same workload repeat.",
    description: "RolloutGuard stopped rolling back: {{ $labels.reason }}.",
    response:
      "A pipeline or a GitOps controller applies a failing release repeatedly, or no good revision is left. Correct or pause the source of the release.",
  },
  {
    name: "RolloutGuardHasNoLeader",
    expr: 'sum(leader_election_master_status{name="rolloutguard"}) != 1',
    for: "2m",
    severity: "critical",
    summary: "Not exactly one instance of RolloutGuard leads.",
    description: "{{ $value }} instances of RolloutGuard lead. Without a leader, nothing is rolled back.",
    response:
      "Check the pods of the operator, their logs, and the Lease `rolloutguard` in their namespace. Two installations in one Prometheus need an expression for each.",
  },
  {
    name: "RolloutGuardDown",
    expr: "absent(rolloutguard_build_info)",
    for: "5m",
    severity: "critical",
    summary: "RolloutGuard is not running, or Prometheus does not scrape it.",
    description: "Prometheus has had no metrics of RolloutGuard for five minutes.",
    response:
      "Check the pods of the operator. If they run, check the target in Prometheus: the NetworkPolicy admits only namespaces with the label `metrics=enabled`.",
  },
  {
    name: "RolloutGuardReconcileErrors",
    expr: 'sum(rate(controller_runtime_reconcile_total{result=~"error|terminal"}[10m])) / sum(rate(controller_runtime_reconcile_total[10m])) > 0.1',
    for: "15m",
    severity: "warning",
    summary: "RolloutGuard cannot complete many of its reconciles.",
    description: "{{ $value | humanizePercentage }} of the reconciles have failed for 15 minutes.",
    response: "Read the log of the leader: each failed reconcile is a line with the guard and the error.",
  },
  {
    name: "RolloutGuardForbidden",
    expr: 'sum(increase(rest_client_requests_total{code=~"401|403"}[10m])) > 0',
    for: "10m",
    severity: "warning",
    summary: "The API server denies requests of RolloutGuard.",
    description: "The API server denied {{ $value | humanize }} requests of RolloutGuard in ten minutes.",
    response:
      "Compare the roles with [Permissions](permissions.md), in particular after an upgrade and after a feature was enabled. The log names each request that is denied.",
  },
  {
    name: "RolloutGuardQueueSlow",
    expr: "histogram_quantile(0.99, sum by (le) (rate(workqueue_queue_duration_seconds_bucket[10m]))) > 5",
    for: "10m",
    severity: "warning",
    summary: "Guards wait long until they are reconciled.",
    description: "One of 100 guards waits {{ $value | humanizeDuration }} until it is reconciled.",
    response:
      "Raise `--workers`, and check whether the API server throttles RolloutGuard (`rest_client_requests_total` with code 429).",
  },
  {
    name: "RolloutGuardMetricSourcesOutdated",
    expr: "min(rolloutguard_metric_sources_up_to_date) == 0",
    for: "10m",
    severity: "warning",
    summary: "RolloutGuard cannot read its file of metric sources.",
    description: "RolloutGuard works with the metric sources that it read before.",
    response: "Read the log of the operator: it names the line of the file that is wrong.",
  },
];
