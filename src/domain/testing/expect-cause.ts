// In which words tests of causes speak: what fails, and which cause is given for it.
import { assert, expect } from "chai";
import type { CauseClass, Certainty } from "../../api/causes.ts";
import type { FindingReason } from "../../api/reasons.ts";
import type { Case, Cause, Classifier } from "../causes/cause.ts";
import { causesOf } from "../causes/ordered-causes.ts";
import type { CheckName, FailingFinding } from "../decision.ts";
import { rolloutOf } from "../rollout/rollout.ts";
import type { NetworkPolicyView, NetworkView } from "../snapshot/network.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { crashed, notReadyYet, unschedulable, waitsFor } from "./a-pod.ts";
import { warned, withPods } from "./facts.ts";
import { T0 } from "./instants.ts";
import { aFirstRollout, aRollout, type Fact, given, type Scene } from "./scene.ts";
import { snapshotOf } from "./snapshot-of.ts";

/** A failing finding, and the circumstances. */
export interface Failing {
  readonly reason: FindingReason;
  /** What the cluster says, beside what it is. */
  readonly says?: string;
  readonly facts?: readonly Fact[];
  /** The first release of all. */
  readonly isFirst?: true;
}

/** And the cause that must come first. */
export interface ExpectedCause extends Failing {
  readonly cause: CauseClass;
  readonly certainty: Certainty;
  /** What message and remedy name. */
  readonly names: RegExp;
  readonly patch?: RegExp;
}

const CHECKS: Record<FindingReason, CheckName> = {
  CrashLooping: "crashLoop",
  OutOfMemory: "crashLoop",
  InitContainerFailing: "crashLoop",
  ImagePullFailing: "imagePull",
  ContainerConfigError: "configError",
  CreateFailed: "createFailed",
  PodRejected: "podRejected",
  Unschedulable: "unschedulable",
  NotReady: "readiness",
  EmptyEndpoints: "emptyEndpoints",
  ProgressDeadlineExceeded: "progressDeadline",
  Degraded: "degraded",
  MetricsWorse: "metrics",
  HttpFailing: "http",
  AnswersSlow: "http",
  KnownBad: "knownBad",
};

/** A test for each row, through all causes in their order; and one that every class of the classifier has a row. */
export function itRecognises(classifier: Classifier, rows: Readonly<Record<string, ExpectedCause>>): void {
  for (const [what, expected] of Object.entries(rows)) {
    it(`recognises ${what}: ${expected.cause}`, () => expectCause(expected));
  }
  it("has a row for each class that it recognises", () => {
    const classes = new Set(Object.values(rows).map(({ cause }) => cause));
    expect([...classes]).to.have.members([...classifier.recognises]);
  });
}

/** The first cause of the failure is the expected one. */
export function expectCause(expected: ExpectedCause): void {
  const [cause] = causesIn(expected);
  expect(cause?.class, cause?.message).to.equal(expected.cause);
  expect(cause?.certainty).to.equal(expected.certainty);
  expect(`${cause?.message} ${cause?.remedy}`).to.match(expected.names);
  if (expected.patch) expect(cause?.patch).to.match(expected.patch);
  else if (cause?.patch !== undefined) expect(cause.patch).to.match(/^kubectl patch /);
}

/** All causes of the failure. */
export function causesIn(failing: Failing): readonly Cause[] {
  const { rollout, finding, now } = caseOf(failing);
  return causesOf(rollout, [finding], now);
}

/** The failure as a classifier gets it. */
export function caseOf({ reason, says, facts = [], isFirst }: Failing, more: Partial<Snapshot> = {}): Case {
  const scene: Scene = given(isFirst ? aFirstRollout() : aRollout(), ...facts);
  const rollout = rolloutOf({ ...snapshotOf(scene), ...more }, scene.now);
  assert(rollout, "the scene has no rollout");
  const events = rollout.snapshot.events.map(({ message }) => `Event Unhealthy on a pod: ${message}`);
  const finding: FailingFinding = {
    check: CHECKS[reason],
    verdict: "failing",
    reason,
    message: says ?? "as told",
    sinceAt: T0,
    restsOn: ["pods"],
    evidence: [...(says === undefined ? [] : [says]), ...events],
  };
  return { rollout, finding, now: scene.now };
}

/** The pods run and are not ready. */
export const unready = withPods(3, notReadyYet);

/** Nothing listens on the port that the probe asks. */
export function refused(port: number, which = "Readiness"): Fact {
  const address = `10.0.0.7:${port}`;
  return warned(
    "Unhealthy",
    `${which} probe failed: Get "http://${address}/healthz": dial tcp ${address}: connect: connection refused`,
  );
}

/** The pods' containers end so, again and again. */
export function crashes(end: Parameters<typeof crashed>[0]): Fact {
  return withPods(3, crashed(end));
}

/** The image cannot be pulled, and that is what the runtime says. */
export function imagePullFails(says: string, reason = "ErrImagePull"): Failing {
  return { reason: "ImagePullFailing", says, facts: [withPods(3, waitsFor(reason, says))] };
}

/** The API server refuses the pods in these words. */
export function refuses(says: string): Failing {
  return { reason: "CreateFailed", says };
}

/** The scheduler finds no node, for these reasons. */
export function unschedulableBecause(says: string): Failing {
  return {
    reason: "Unschedulable",
    says: `0/3 nodes are available: ${says}`,
    facts: [withPods(3, unschedulable(T0))],
  };
}

/** A NetworkPolicy about pods with these labels, which admits pods with those; none: nobody. */
export function aPolicy(
  name: string,
  pods: Readonly<Record<string, string>>,
  ...from: readonly Readonly<Record<string, string>>[]
): NetworkPolicyView {
  const selector = (labels: Readonly<Record<string, string>>) => ({ labels, expressions: [] });
  const ingress = from.length > 0 ? [{ from: from.map((labels) => ({ pods: selector(labels) })) }] : [];
  return { name, pods: selector(pods), restrictsIngress: true, ingress };
}

/** The network is known: somebody has asked. */
export function answering(network: NetworkView): Pick<Snapshot, "answers"> {
  return { answers: { networkPolicies: { at: T0, value: network } } };
}

/** What a classifier recognises behind a Service without endpoints where these policies and neighbours are known. */
export function recognisedIn(
  classifier: Classifier,
  network: NetworkView,
  ...facts: readonly Fact[]
): Cause | undefined {
  return classifier.classify(caseOf({ reason: "EmptyEndpoints", facts }, answering(network)));
}
