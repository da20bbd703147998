// Every recording, line by line, through the caches: what a real cluster sends makes whole and consistent snapshots.
import { expect } from "chai";
import { defaultGuard, recordedDeployment } from "../src/cli/commands/replay/guard-file.ts";
import type { RecordedLine, Recording } from "../src/cli/commands/replay/recording.ts";
import type { Snapshot } from "../src/domain/snapshot/snapshot.ts";
import { Caches } from "../src/kube/caches/caches.ts";
import { asList, asObject, metaOf, type RawObject } from "../src/kube/objects.ts";
import { observe } from "../src/kube/observe.ts";
import { type ReconcileKey, reconcileKey } from "../src/kube/reconcile-key.ts";
import type { ResourceName } from "../src/kube/resources.ts";
import { FIELD_RECORDINGS } from "./testing/field-cases.ts";
import { LABELS, RECORDINGS } from "./testing/recorded.ts";

type ObjectLine = Extract<RecordedLine, { resource: ResourceName }>;

const objectLines = (recording: Recording) =>
  recording.lines.filter((line): line is ObjectLine => "object" in line);

function guarded(recording: Recording): { readonly caches: Caches; readonly key: ReconcileKey } {
  const { name, namespace } = recordedDeployment(recording, LABELS[recording.name]?.deployment);
  const guard = defaultGuard(name);
  const caches = new Caches();
  const object = { ...guard, metadata: { ...asObject(guard.metadata), namespace } };
  caches.apply("rolloutguards", "ADDED", object, recording.beganAt);
  return { caches, key: reconcileKey(namespace, name, { kind: "Deployment", name }) };
}

function snapshotOf(caches: Caches, key: ReconcileKey): Snapshot {
  const snapshot = observe(caches, key, { observeOnly: false });
  if (snapshot === undefined) throw new Error("the guard is gone");
  return snapshot;
}

/** Feeds the lines one by one; `look` sees the snapshot after each, and the raw objects that exist then. */
function play(
  recording: Recording,
  lines: readonly ObjectLine[],
  look: (snapshot: Snapshot, world: ReadonlyMap<string, ObjectLine>, line: ObjectLine) => void = () => {},
): { readonly caches: Caches; readonly last: Snapshot; readonly world: ReadonlyMap<string, ObjectLine> } {
  const { caches, key } = guarded(recording);
  const world = new Map<string, ObjectLine>();
  for (const line of lines) {
    const type = line.type === "LIST" ? "ADDED" : line.type;
    caches.apply(line.resource, type, line.object, recording.beganAt + line.t * 1_000);
    const id = `${line.resource}/${metaOf(line.object).name}`;
    if (line.type === "DELETED") world.delete(id);
    else world.set(id, line);
    look(snapshotOf(caches, key), world, line);
  }
  return { caches, last: snapshotOf(caches, key), world };
}

const objectsIn = (world: ReadonlyMap<string, ObjectLine>, resource: ResourceName): RawObject[] =>
  [...world.values()].filter((line) => line.resource === resource).map(({ object }) => object);

/** The ready endpoints that a Service has of one Deployment, counted in another way than the caches do. */
function readyIn(world: ReadonlyMap<string, ObjectLine>, service: string, deployment: string): number {
  return objectsIn(world, "endpointslices")
    .filter(({ metadata }) => asObject(asObject(metadata).labels)["kubernetes.io/service-name"] === service)
    .filter(({ ports }) => asList(ports).length > 0)
    .flatMap(({ endpoints }) => asList(endpoints).map(asObject))
    .filter(({ conditions }) => asObject(conditions).ready === true)
    .filter(({ targetRef }) =>
      new RegExp(`^${deployment}-[a-z0-9]+-[a-z0-9]{5}$`).test(String(asObject(targetRef).name)),
    ).length;
}

/** The snapshot without what only a watch can know: when something was first seen, and what happened in between. */
function timeless(snapshot: Snapshot): unknown {
  return {
    ...snapshot,
    pods: snapshot.pods.map((pod) => ({
      ...pod,
      startFailure: undefined,
      instability: undefined,
      firstFailureAt: undefined,
      hadFailedBefore: undefined,
    })),
    services: snapshot.services.map((each) => ({
      ...each,
      changes: undefined,
      emptySinceAt: undefined,
      sawLoss: undefined,
    })),
  };
}

describe("observing the recordings", () => {
  for (const recording of [...RECORDINGS, ...FIELD_RECORDINGS]) {
    const lines = objectLines(recording);
    const target = recordedDeployment(recording, LABELS[recording.name]?.deployment).name;

    it(`${recording.name}: every snapshot tells what exists at that moment`, () => {
      play(recording, lines, (snapshot, world, line) => {
        const deployment = objectsIn(world, "deployments").find((object) => metaOf(object).name === target);
        const sets = objectsIn(world, "replicasets").filter(
          (object) => deployment && metaOf(object).controller?.uid === metaOf(deployment).uid,
        );
        const known = new Set(sets.map((object) => metaOf(object).uid));
        const pods = objectsIn(world, "pods").filter((pod) => known.has(metaOf(pod).controller?.uid ?? ""));
        const at = `at ${line.t} s`;
        if (snapshot.workload) expect(snapshot.revisions, at).to.have.length(known.size);
        if (snapshot.workload) expect(snapshot.pods, at).to.have.length(pods.length);
        if (line.resource === "endpointslices" && snapshot.services[0])
          expect(snapshot.services[0].readyEndpoints, at).to.equal(
            readyIn(world, snapshot.services[0].name, target),
          );
      });
    });

    it(`${recording.name}: the Deployment asks for exactly one revision`, () => {
      const { last } = play(recording, lines);
      const asked = last.revisions.filter(({ templateKey }) => templateKey === last.workload?.templateKey);
      expect(asked).to.have.length(1);
      expect(last.services).to.have.length(1);
    });

    it(`${recording.name}: a list of all objects at the end gives the same snapshot as having watched them come`, () => {
      const { last, world } = play(recording, lines);
      const { caches, key } = guarded(recording);
      const at = recording.beganAt + (lines.at(-1)?.t ?? 0) * 1_000;
      for (const resource of new Set(lines.map((line) => line.resource))) {
        const list = caches.sinkFor(resource).beginReplace();
        for (const object of objectsIn(world, resource)) list.add(object, at);
        list.commit(at, "100");
      }
      expect(timeless(snapshotOf(caches, key))).to.deep.equal(timeless(last));
    });

    it(`${recording.name}: a cluster without EndpointSlices ends with the same endpoints`, () => {
      const { last } = play(recording, lines);
      const without = lines.filter(({ resource }) => resource !== "endpointslices");
      expect(play(recording, without).last.services[0]?.readyEndpoints).to.equal(
        last.services[0]?.readyEndpoints,
      );
    });
  }

  it("a restart makes another template with the same content, and a release does not", () => {
    const contents = (name: string) => {
      const recording = RECORDINGS.find((each) => each.name === name);
      if (recording === undefined) throw new Error(`no recording ${name}`);
      const { revisions } = play(recording, objectLines(recording)).last;
      const distinct = (keys: readonly string[]) => new Set(keys).size;
      return [
        distinct(revisions.map((each) => each.templateKey)),
        distinct(revisions.map((each) => each.contentKey)),
      ];
    };
    expect(contents("rollout-restart")).to.deep.equal([2, 1]);
    expect(contents("healthy-rollout")).to.deep.equal([2, 2]);
  });
});
