// Any scene at all, likely and unlikely ones, for properties that hold in all of them.
import fc from "fast-check";
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { EventView } from "../snapshot/event.ts";
import {
  beingDeleted,
  cannotBeCreated,
  crashed,
  createdAt,
  disrupted,
  evicted,
  firstFailed,
  flapping,
  imageMissing,
  lostReadiness,
  notReadyYet,
  onLostNode,
  type PodTrait,
  readyAfter,
  regainedReadiness,
  rejected,
  runningAgain,
  runningSince,
  unschedulable,
  waitsFor,
  waitsForGate,
} from "./a-pod.ts";
import { aRevision, GOOD, NEW, remembered } from "./a-revision.ts";
import {
  appWith,
  extraContainer,
  labels,
  readinessProbe,
  scheduling,
  type TemplateChange,
} from "./a-template.ts";
import { anIncident } from "./an-incident.ts";
import {
  andPods,
  andService,
  anOutage,
  beganWith,
  changing,
  completedAfter,
  deadlineExceededAt,
  frozenFor,
  guardMadeAfter,
  losingService,
  refusedSince,
  wanting,
  warned,
  withCurrent,
  withGuard,
  withIncidents,
  withOldPods,
  withOthers,
  withoutWorkload,
  withPods,
  withService,
  withSpec,
  withStatus,
  withSurroundings,
  withWorkload,
} from "./facts.ts";
import { later, minutes, seconds } from "./instants.ts";
import {
  aFirstRollout,
  aRestoredWorkload,
  aRollout,
  aSettledWorkload,
  at,
  type Fact,
  given,
  ledger,
  type Scene,
} from "./scene.ts";

const OLDER = aRevision("4b3c2d1f5a", 0, { createdAt: later(-minutes(600)) });

const sinceStart = fc.integer({ min: 0, max: 900 }).map(seconds);
const instant = fc.integer({ min: -60, max: 900 }).map((count) => later(seconds(count)));

const trait: fc.Arbitrary<PodTrait> = fc.oneof(
  fc.constantFrom(notReadyYet, beingDeleted, evicted, disrupted, waitsForGate),
  fc.constantFrom(waitsFor("ContainerCreating"), waitsFor("PodInitializing")),
  fc
    .record({
      restarts: fc.nat({ max: 6 }),
      reason: fc.constantFrom("Error", "OOMKilled", "Completed", "ContainerStatusUnknown"),
      container: fc.constantFrom("app", "extra"),
    })
    .map(crashed),
  fc.tuple(fc.nat({ max: 5 }), instant).map(([restarts, at]) => runningAgain(restarts, at)),
  instant.map(imageMissing),
  instant.map((at) => cannotBeCreated('secret "database" not found', at)),
  instant.map(unschedulable),
  instant.map(onLostNode),
  instant.map(lostReadiness),
  instant.map(regainedReadiness),
  instant.map(firstFailed),
  fc.tuple(fc.nat({ max: 6 }), sinceStart).map(([losses, unreadyMs]) => flapping(losses, unreadyMs)),
  fc.constantFrom("SysctlForbidden", "OutOfcpu").map(rejected),
  instant.map(runningSince),
  instant.map(createdAt),
  sinceStart.map(readyAfter),
);

const traits = fc.array(trait, { maxLength: 2 });

const change: fc.Arbitrary<TemplateChange> = fc.constantFrom(
  labels({ app: "checkout" }),
  readinessProbe({ target: "GET http :80/healthz" }),
  scheduling("asks for a lot"),
  appWith({ image: "registry.example/checkout:1" }),
  extraContainer("extra", "sidecar"),
  extraContainer("extra", "init"),
);

const pods: fc.Arbitrary<readonly Fact[]> = fc
  .array(fc.tuple(fc.nat({ max: 4 }), traits), { minLength: 1, maxLength: 2 })
  .map((groups) => groups.map(([count, own], index) => (index === 0 ? withPods : andPods)(count, ...own)));

const phase = fc.constantFrom(
  undefined,
  "Held",
  "Acting",
  "Verifying",
  "Recovered",
  "NotRecovered",
  "Superseded",
);

const incidents = fc
  .array(
    fc.record({
      of: fc.constantFrom(NEW, GOOD, OLDER, aRevision("gone", 0)),
      restoring: fc.constantFrom(GOOD, OLDER, NEW, undefined),
      phase,
      detectedAt: instant,
      sentAt: fc.option(instant, { nil: undefined }),
    }),
    { maxLength: 4 },
  )
  .map((all) =>
    withIncidents(
      ...all.map(({ phase, sentAt, ...facts }, index) =>
        anIncident({
          ...facts,
          name: index === 0 ? facts.of.source.name : `${facts.of.source.name}-${index + 1}`,
          ...(phase && { phase }),
          ...(sentAt !== undefined && { sentAt }),
        }),
      ),
    ),
  );

const spec = fc
  .record(
    {
      mode: fc.constantFrom("Rollback", "Observe"),
      rollbackTo: fc.constantFrom("LastGood", "Previous"),
      bakeTime: fc.constantFrom("10s", "5m"),
      limits: fc.record({
        maxRollbacks: fc.integer({ min: 1, max: 3 }),
        window: fc.constantFrom("10s", "5m", "1h"),
        cooldown: fc.constantFrom("0s", "1m", "5m"),
      }),
      incidentHistoryLimit: fc.integer({ min: 1, max: 3 }),
    },
    { requiredKeys: [] },
  )
  .map(withSpec);

/** How a revision behaved. */
const memory: fc.Arbitrary<Partial<LedgerEntry>> = fc.record(
  {
    isTroubled: fc.boolean(),
    isFailing: fc.boolean(),
    readyPercent: fc.constantFrom(0, 35, 85),
    failuresPerHour: fc.constantFrom(1, 30),
    failedStarts: fc.constantFrom(1, 5),
    secondsToReady: fc.constantFrom(5, 120),
    replicas: fc.constantFrom(1, 3),
  },
  { requiredKeys: [] },
);

const entries = fc
  .tuple(
    ...[NEW, GOOD, OLDER].map((revision) =>
      fc
        .option(fc.tuple(fc.constantFrom("Good", "Completed", "Unproven", "Bad"), instant, memory), {
          nil: undefined,
        })
        .map((entry) => (entry ? [remembered(revision, ...entry)] : [])),
    ),
  )
  .map((all) => ledger(...all.flat()));

const EVENTS: readonly Pick<EventView, "reason" | "message">[] = [
  {
    reason: "Unhealthy",
    message: "Readiness probe failed: dial tcp 10.0.0.7:80: connect: connection refused",
  },
  { reason: "Unhealthy", message: "Readiness probe failed: HTTP probe failed with statuscode: 503" },
  { reason: "Unhealthy", message: "Liveness probe failed: HTTP probe failed with statuscode: 500" },
  { reason: "BackOff", message: "Back-off restarting failed container app" },
  { reason: "Failed", message: 'Failed to pull image "registry.example/checkout:2": not found' },
  { reason: "FailedScheduling", message: "0/3 nodes are available" },
  { reason: "FailedMount", message: 'MountVolume.SetUp failed for volume "v": secret "v" not found' },
];

/** An Event of any of the usual kinds, told of every pod. */
const event = fc.constantFrom(...EVENTS).map(({ reason, message }) => warned(reason, message));

const rare: fc.Arbitrary<Fact> = fc.oneof(
  fc.constantFrom(
    withWorkload({ isPaused: true }),
    withWorkload({ veto: "no" }),
    withWorkload({ generation: 5 }),
    withWorkload({ templateKey: "newer" }),
    withWorkload({ isPaused: true, pausedFor: NEW.source.name }),
    withWorkload({ pausedFor: NEW.source.name }),
    frozenFor(NEW),
    withWorkload({ isPaused: true, frozenRevision: NEW.hash }),
    withWorkload({ frozenRevision: NEW.hash }),
    withWorkload({ maxUnavailable: 1 }),
    withWorkload({ templateKey: GOOD.templateKey }),
    withWorkload({ conditions: [] }),
    withWorkload({ isDeleting: true }),
    withCurrent({ contentKey: GOOD.contentKey }),
    withSurroundings({ observeOnly: true }),
    withSurroundings({ settledNearby: 9, outages: anOutage(9) }),
    withSurroundings({ outages: anOutage(3, seconds(40)) }),
    withSurroundings({ outages: anOutage(3, minutes(5)) }),
    withGuard({ olderGuard: "first" }),
    withGuard({ spec: { invalid: "no" } }),
    losingService,
    losingService,
    losingService,
    withService({ readyEndpoints: 0 }),
    withService({ selector: { app: "other" } }),
    andService("more", { selector: { app: "checkout" } }),
    withOthers(),
    withOthers(GOOD, OLDER),
    withoutWorkload,
    withStatus({}),
    withStatus({ services: [] }),
    withStatus({ targetUid: "uid-of-another-deployment" }),
    beganWith(0),
    beganWith(1),
    wanting(0),
    wanting(7),
  ),
  sinceStart.map(guardMadeAfter),
  instant.map(deadlineExceededAt),
  instant.map((at) => refusedSince(at, "exceeded quota")),
  sinceStart.map(completedAfter),
  fc.tuple(fc.nat({ max: 4 }), traits).map(([count, own]) => withOldPods(count, ...own)),
  fc.tuple(spec, incidents, entries).chain((facts) => fc.constantFrom(...facts)),
);

/** Nobody knows yet of an outage that has not begun, nor when one ends that lasts. */
const withoutFutureOutages: Fact = (scene) => {
  const outages = scene.surroundings.outages
    .filter(({ downSinceAt = 0 }) => downSinceAt <= scene.now)
    .map(({ upAt, ...outage }) => (upAt !== undefined && upAt <= scene.now ? { ...outage, upAt } : outage));
  return { ...scene, surroundings: { ...scene.surroundings, outages } };
};

/** Any scene; at most a quarter of an hour after the rollout began. */
export const arbitraryScene: fc.Arbitrary<Scene> = fc
  .record({
    begin: fc.constantFrom(aRollout, aRollout, aRollout, aFirstRollout, aRestoredWorkload, aSettledWorkload),
    changes: fc.array(change, { maxLength: 2 }),
    pods,
    rare: fc.array(rare, { maxLength: 4 }),
    events: fc.array(event, { maxLength: 3 }),
    now: sinceStart,
  })
  .map(({ begin, changes, pods, rare, events, now }) =>
    given(begin(), changing(...changes), ...pods, ...rare, ...events, at(now), withoutFutureOutages),
  );
