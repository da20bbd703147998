// docs/quality/real-cluster.md, from the results of a run that are kept beside it.
import { pageHead, table } from "../markdown.ts";
import type {
  Facts,
  IdleMeasurement,
  LeaderKill,
  RealClusterResults,
  ScenarioMeasurement,
} from "./results.ts";

const SOURCE = "docs/quality/real-cluster.json, which `npm run e2e -- --cluster local --report` writes";

/** The whole page. */
export function realClusterPage(results: RealClusterResults): string {
  const { cluster, version, cores, rounds } = results;
  const scenarios = rounds.flatMap((round) => round.scenarios ?? []);
  const idle = rounds.findLast((round) => round.idle !== undefined)?.idle;
  const times = rounds.length === 1 ? "once" : `${rounds.length} times`;
  return [
    pageHead("On a real cluster", SOURCE),
    `Kubernetes ${version} (\`--cluster ${cluster}\`) on a machine with ${cores} cores, which also ran the tests: etcd, the
control plane, a kubelet with containerd, and a dozen applications of three pods at a time. The operator ran as
\`config/default\` installs it, the guards had nothing but a target. Every scenario was played ${times};
${passed(scenarios)}. Several numbers are the least and the most of the rounds.
`,
    "## Rollouts that fail",
    `Seconds from the change until the first sign of the failure, until the rollback was sent, and until all replicas of the
restored revision were available and behind the Service. Kubernetes alone says \`ProgressDeadlineExceeded\` after
\`progressDeadlineSeconds\`, and undoes nothing.
`,
    failingTable(scenarios),
    "",
    "## Rollouts that are not rolled back",
    "While they were watched, no Incident was opened and no Deployment was changed.\n",
    leftAloneTable(scenarios),
    "",
    ...killsPart(rounds.flatMap((round) => round.kills ?? [])),
    ...(idle ? idlePart(idle) : []),
  ].join("\n");
}

function passed(scenarios: readonly ScenarioMeasurement[]): string {
  const count = scenarios.filter(({ outcome }) => outcome === "passed").length;
  return `${count} of ${scenarios.length} passed`;
}

function failingTable(scenarios: readonly ScenarioMeasurement[]): string {
  const head = [
    "scenario",
    "reason",
    "first sign",
    "rollback",
    "service restored",
    "Kubernetes alone reports",
  ];
  const rows = byName(scenarios, "fails").map(([name, rounds]) => {
    const [first] = rounds;
    const facts = rounds.flatMap((round) => round.facts ?? []);
    return [
      `${name}: ${first?.title}`,
      facts.find(({ incident }) => incident)?.incident?.reason ?? "",
      range(facts.map(({ secondsToFirstSign }) => secondsToFirstSign)),
      range(facts.map(({ secondsToPatch }) => secondsToPatch)) || "none",
      range(facts.map(({ secondsToRestored }) => secondsToRestored)),
      byKubernetes(facts),
    ];
  });
  return table(head, rows);
}

/** What happened; else what would: nobody waits for the deadline when service is back. */
function byKubernetes(facts: readonly Facts[]): string {
  const seen = range(facts.map(({ secondsToKubernetesVerdict }) => secondsToKubernetesVerdict));
  if (seen) return `after ${seen}`;
  if (facts.some(({ isCalledComplete }) => isCalledComplete)) return "never: it calls the rollout complete";
  return `after ${facts[0]?.progressDeadlineSeconds ?? 600} s`;
}

function leftAloneTable(scenarios: readonly ScenarioMeasurement[]): string {
  const rows = byName(scenarios, "leftAlone").map(([name, rounds]) => {
    const [first] = rounds;
    return [`${name}: ${first?.title}`, range(rounds.map(({ seconds }) => seconds))];
  });
  return table(["scenario", "watched for"], rows);
}

function killsPart(kills: readonly LeaderKill[]): string[] {
  if (kills.length === 0) return [];
  const names = [...new Set(kills.map(({ name }) => name))];
  const rows = names.map((name) => {
    const rounds = kills.filter((kill) => kill.name === name);
    return [`${rounds[0]?.title}`, range(rounds.map(({ secondsToRecovered }) => secondsToRecovered))];
  });
  return [
    "## A leader is killed",
    `The process of the leader was killed with SIGKILL. After its Lease of 15s had expired, another process completed its work: the
other replica, or the next container of the killed pod. There was one rollback, and service was restored.
`,
    table(["killed", "until the Incident was Recovered"], rows),
    "",
  ];
}

function idlePart({ guards, costs }: IdleMeasurement): string[] {
  const rows = costs
    .toSorted((a, b) => Number(b.isLeader) - Number(a.isLeader))
    .map(({ isLeader, residentBytes, processorPercent, requestsPerMinute }) => [
      isLeader ? "leads" : "stands by",
      `${Math.round(residentBytes / 1e6)} MB`,
      `${processorPercent.toFixed(1)} %`,
      requestsPerMinute.toFixed(0),
    ]);
  return [
    "## What it costs",
    `The operator's pods with ${guards} guards while nothing happens. The requests are those about the Lease.\n`,
    table(["pod", "memory (RSS)", "of one core", "API requests a minute"], rows),
    "",
  ];
}

/** The rounds of each scenario of the kind, in their order. */
function byName(
  scenarios: readonly ScenarioMeasurement[],
  kind: ScenarioMeasurement["kind"],
): [string, ScenarioMeasurement[]][] {
  return [
    ...Map.groupBy(
      scenarios.filter((each) => each.kind === kind),
      ({ name }) => name,
    ),
  ];
}

/** "23 s" or "23–25 s"; empty without a number. */
function range(seconds: readonly (number | undefined)[]): string {
  const known = seconds.filter((each) => each !== undefined).map(Math.round);
  if (known.length === 0) return "";
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return least === most ? `${least} s` : `${least}–${most} s`;
}
