// Metric checks: what users write of one. The share of bad requests, the share of slow ones, or a query.
import { z } from "zod";
import { boundedDuration } from "./bounded-duration.ts";
import { intOrString } from "./int-or-string.ts";
import { checkMode, checkName, containerPort, initialDelay, sampleInterval } from "./sampled-check.ts";
import { withRule } from "./validation-rule.ts";

/** The source that needs no server: RolloutGuard reads `/metrics` of the workload's own pods. */
export const PODS_SOURCE = "pods";

const selector = (says: string) => z.string().min(1).max(1_000).describe(says);

const PERCENT_PATTERN = "^[0-9]{1,3}([.][0-9]{1,3})?%$";

/** A percentage such as "5%" as a share of 1; undefined for anything else. */
export function parsePercent(text: string): number | undefined {
  return new RegExp(PERCENT_PATTERN).test(text) ? Number(text.slice(0, -1)) / 100 : undefined;
}

const percent = withRule(z.string().max(8), {
  rule: `self.matches('${PERCENT_PATTERN}')`,
  message: "must be a percentage, for example 1%",
  holds: (value) => parsePercent(value) !== undefined,
});

/** A number for the value of a query, a percentage for a share. */
const bound = intOrString({
  pattern: "^-?[0-9]{1,15}([.][0-9]{1,9})?%?$",
  message: 'must be a percentage, for example 5%, or a number: 1000, or "0.25" in quotation marks',
});

const fields = z.object({
  name: checkName,
  source: z
    .string()
    .min(1)
    .max(63)
    .default("default")
    .describe(
      "Name of a metric source that the administrator of RolloutGuard configured, or pods: RolloutGuard reads the metrics of the pods of the workload itself.",
    ),
  ratio: z
    .object({
      bad: selector('Counter of the bad requests, for example http_requests_total{code=~"5.."}.'),
      total: selector("Counter of all requests, for example http_requests_total."),
    })
    .optional()
    .describe("Checks the share of bad requests."),
  latency: z
    .object({
      histogram: selector(
        "Histogram of the durations in seconds, without _bucket, for example http_request_duration_seconds.",
      ),
      above: boundedDuration({
        says: "Requests that take longer are slow. Must be a bound of a bucket of the histogram.",
        byDefault: "1s",
        from: "1ms",
        to: "1h",
      }),
    })
    .optional()
    .describe("Checks the share of slow requests."),
  query: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .describe(
      "Checks the value of a PromQL query, which must return one value. It can contain $namespace, $deployment, $newPods, $oldPods, $newHash, $oldHash and $window.",
    ),
  min: bound.optional().describe("Smallest value of the query that is not a failure, as a number."),
  max: bound
    .optional()
    .describe(
      "Largest value of the query that is not a failure, as a number; or the largest share of bad or slow requests that is not a failure, whatever the old pods show, as a percentage.",
    ),
  maxIncrease: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe("How many times the share of the old pods the share of the new pods can be."),
  minDifference: percent
    .default("1%")
    .describe("Difference between the shares of new and old pods that is always allowed."),
  minRequests: z
    .int()
    .min(5)
    .max(1_000_000)
    .default(20)
    .describe("Requests of the new pods without which nothing is decided."),
  for: boundedDuration({
    says: "How long the check must fail. It always takes two samples in a row.",
    byDefault: "0s",
    from: "0s",
    to: "1h",
  }),
  interval: sampleInterval("15s"),
  initialDelay: initialDelay("30s"),
  mode: checkMode,
  required: z
    .boolean()
    .default(false)
    .describe(
      "Whether a revision counts as good only if this check had enough data during its bake time. Without data it stays completed.",
    ),
  port: containerPort
    .optional()
    .describe(
      "Name or number of the container port that serves metrics. Only for source: pods. Defaults to the annotation prometheus.io/port of the pods.",
    ),
  path: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe(
      "Path of the metrics. Only for source: pods. Defaults to the annotation prometheus.io/path of the pods, or /metrics.",
    ),
});

const oneMeasure = withRule(fields, {
  rule: "(has(self.ratio) ? 1 : 0) + (has(self.latency) ? 1 : 0) + (has(self.query) ? 1 : 0) == 1",
  message: "must have exactly one of ratio, latency and query",
  holds: ({ ratio, latency, query }) =>
    [ratio, latency, query].filter((given) => given !== undefined).length === 1,
});

const bounded = withRule(oneMeasure, {
  rule: "has(self.query) ? has(self.min) || has(self.max) : !has(self.min)",
  message:
    "must have min or max beside query, for example max: 1000; must not have min beside ratio or latency",
  holds: ({ query, min, max }) =>
    query === undefined ? min === undefined : min !== undefined || max !== undefined,
});

const rightUnit = withRule(bounded, {
  rule: "!has(self.max) || (type(self.max) == string && self.max.endsWith('%')) != has(self.query)",
  message:
    "must have max as a percentage beside ratio and latency, for example 5%, and as a number beside query",
  holds: ({ query, max }) =>
    max === undefined || (typeof max === "string" && max.endsWith("%")) !== (query !== undefined),
});

/** One metric check. */
export const metricCheckSchema = withRule(rightUnit, {
  rule: "self.source == 'pods' ? !has(self.query) : !(has(self.port) || has(self.path))",
  message: "must have port and path only for source: pods, which answers ratio and latency and no query",
  holds: ({ source, query, port, path }) =>
    source === PODS_SOURCE ? query === undefined : port === undefined && path === undefined,
});

export type MetricCheck = z.infer<typeof metricCheckSchema>;
