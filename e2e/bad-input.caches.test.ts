// Bad input, level two: caches, observe and decide under hostile objects in any order, beside a healthy neighbour.
import { expect } from "chai";
import fc from "fast-check";
import { type IncidentSpec, incidentSpecSchema, incidentStatusSchema } from "../src/api/incident.ts";
import { rolloutGuardStatusSchema } from "../src/api/rollout-guard.ts";
import { decide } from "../src/domain/decide.ts";
import type { Decision } from "../src/domain/decision.ts";
import type { Snapshot } from "../src/domain/snapshot/snapshot.ts";
import { propertyRuns } from "../src/domain/testing/property-runs.ts";
import type { UnreadableObject } from "../src/kube/caches/cached-resources.ts";
import { Caches } from "../src/kube/caches/caches.ts";
import { asObject, metaOf, type RawObject } from "../src/kube/objects.ts";
import { observe } from "../src/kube/observe.ts";
import type { ResourceName } from "../src/kube/resources.ts";
import { rawGuard, rawIncident, rawUndo } from "../src/kube/testing/raw-objects.ts";
import {
  hostileObject,
  RECORDINGS,
  type RecordedObject,
  recordedObjects,
} from "./testing/hostile-objects.ts";

const SOUND = RECORDINGS.find(({ name }) => name === "crash-loop-missing-env");
if (SOUND === undefined) throw new Error("the recording is gone");
const SOUND_LINES = recordedObjects(SOUND);
const BEGAN_AT = SOUND.beganAt;
const HEALTHY = "healthy";
const HOSTILE = "hostile";

const inNamespace = (object: RawObject, namespace: unknown): RawObject => ({
  ...object,
  metadata: { ...asObject(object["metadata"]), namespace },
});
const since = new Date(BEGAN_AT).toISOString();
const guardOf = (namespace: string, target: string): RawObject => {
  const guard = rawGuard("guard", target, {
    metadata: { creationTimestamp: since },
    spec: { bakeTime: "30s" },
  });
  return inNamespace(guard, namespace);
};

const TARGET = metaOf(SOUND_LINES.find(({ resource }) => resource === "deployments")?.object).name;
/** The recorded objects by resource, and guards and Incidents about their Deployment. */
const MODELS = new Map<ResourceName, RawObject[]>([
  [
    "rolloutguards",
    [
      guardOf(HOSTILE, TARGET),
      {
        ...guardOf(HOSTILE, TARGET),
        status: { phase: "Healthy", current: { hash: "a", revision: 1, images: [], since } },
      },
    ],
  ],
  [
    "incidents",
    [
      rawIncident("i", TARGET),
      rawIncident("i", TARGET, {
        phase: "Acting",
        steps: [rawUndo(TARGET, { from: "a", to: "b", startedAt: since })],
      }),
    ],
  ],
]);
for (const { resource, object } of SOUND_LINES) {
  const models = MODELS.get(resource) ?? [];
  models.push(object);
  MODELS.set(resource, models);
}
/** Those of the healthy neighbour: hostile objects claim them as theirs. */
const UIDS = [...new Set(SOUND_LINES.map(({ object }) => metaOf(object).uid))];

interface Attack {
  readonly resource: ResourceName;
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "LIST";
  readonly objects: readonly RawObject[];
  /** After which of the neighbour's objects it comes. */
  readonly after: number;
}

const attack: fc.Arbitrary<Attack> = fc.constantFrom(...MODELS).chain(([resource, models]) =>
  fc.record({
    resource: fc.constant(resource),
    type: fc.constantFrom("ADDED", "MODIFIED", "DELETED", "LIST"),
    objects: fc.array(
      fc
        .tuple(
          hostileObject(models, UIDS),
          fc.constantFrom(HOSTILE, HOSTILE, HOSTILE, HOSTILE, "", "a/b", null, 7),
        )
        .map(([object, namespace]) => inNamespace(asObject(object), namespace)),
      { minLength: 1, maxLength: 4 },
    ),
    after: fc.nat(SOUND_LINES.length - 1),
  }),
);

interface Run {
  readonly caches: Caches;
  readonly decisions: readonly string[];
  readonly unreadable: readonly UnreadableObject[];
}

/** The recording beside the attacks. Notes what is decided about the neighbour after each of its objects. */
function play(attacks: readonly Attack[]): Run {
  const caches = new Caches();
  const unreadable: UnreadableObject[] = [];
  caches.onUnreadable((reported) => unreadable.push(reported));
  caches.apply("rolloutguards", "ADDED", guardOf(HEALTHY, TARGET), BEGAN_AT);
  const decisions: string[] = [];
  for (const [index, line] of SOUND_LINES.entries()) {
    const at = BEGAN_AT + line.t * 1_000;
    applySound(caches, line, at);
    for (const each of attacks) if (each.after === index) strike(caches, each, at);
    const snapshot = observe(caches, `${HEALTHY}/guard/Deployment/${TARGET}`, { observeOnly: false });
    if (snapshot === undefined) throw new Error("the healthy guard is gone");
    const { surroundings: _ofOthers, ...own } = snapshot;
    if (index % 10 === 0) decisions.push(JSON.stringify([own, decide(withoutOthers(snapshot), at)]));
  }
  return { caches, decisions, unreadable };
}

/** When many guarded Deployments fail, that says something of the environment: it is meant to be seen. */
function withoutOthers(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    surroundings: { observeOnly: false, settledNearby: 0, settledNamespaces: 0, outages: [] },
  };
}

function applySound(caches: Caches, line: RecordedObject, at: number): void {
  const type = line.type === "LIST" ? "ADDED" : line.type;
  caches.apply(line.resource, type, inNamespace(line.object, HEALTHY), at);
}

function strike(caches: Caches, { resource, type, objects }: Attack, at: number): void {
  if (type !== "LIST") {
    for (const object of objects) caches.apply(resource, type, object, at);
    return;
  }
  const list = caches.sinkFor(resource, HOSTILE).beginReplace();
  for (const object of objects) list.add(object, at);
  list.commit(at, "100");
}

/** The API server would take everything that the decision wants to write. */
function expectWritable({ effects }: Decision): void {
  for (const effect of effects) {
    if (effect.type === "openIncident") {
      expect(incidentSpecSchema.safeParse(effect.spec).error, "the spec of an Incident").to.equal(undefined);
      expect(effect.name)
        .to.match(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/)
        .and.to.have.length.at.most(253);
      expectSmall(effect.spec);
    }
    if (effect.type === "updateIncident") {
      expect(incidentStatusSchema.safeParse(effect.status).error, "the status of an Incident").to.equal(
        undefined,
      );
      expectSmall(effect.status);
    }
    if (effect.type === "updateGuardStatus") {
      expect(rolloutGuardStatusSchema.safeParse(effect.status).error, "the status of a guard").to.equal(
        undefined,
      );
      expectSmall(effect.status);
    }
  }
}

function expectSmall(written: IncidentSpec | object): void {
  const text = JSON.stringify(written);
  expect(Buffer.byteLength(text)).to.be.lessThan(100 * 1_024);
  expect(text, "halves of characters").not.to.match(/\\ud[89a-f]/);
}

describe("bad input: caches and decisions", () => {
  const undisturbed = play([]).decisions;

  it("leave a neighbour in another namespace alone, whatever hostile objects claim", () => {
    expect(undisturbed.join(), "the neighbour has something to decide").to.include("openIncident");
    fc.assert(
      fc.property(fc.array(attack, { maxLength: 12 }), (attacks) => {
        expect(play(attacks).decisions).to.deep.equal(undisturbed);
      }),
      propertyRuns(40),
    );
  });

  it("come to a decision about every guard, at any time, that can be written", () => {
    let decided = 0;
    fc.assert(
      fc.property(
        fc.array(attack, { minLength: 4, maxLength: 30 }),
        fc.constantFrom(0, 1_000, 60_000, 3_600_000, 1e12),
        (attacks, laterMs) => {
          const caches = new Caches();
          for (const { resource, object } of SOUND_LINES)
            caches.apply(resource, "ADDED", inNamespace(object, HOSTILE), BEGAN_AT);
          caches.apply("rolloutguards", "ADDED", guardOf(HOSTILE, TARGET), BEGAN_AT);
          for (const each of attacks) {
            strike(caches, each, BEGAN_AT + 60_000);
            for (const key of caches.reconcileKeys()) {
              const snapshot = observe(caches, key, { observeOnly: false });
              if (snapshot === undefined) throw new Error(`${key} has no snapshot`);
              expectWritable(decide(snapshot, BEGAN_AT + 60_000 + laterMs));
              decided += 1;
            }
          }
        },
      ),
      propertyRuns(60),
    );
    expect(decided, "decisions").to.be.greaterThan(100);
  });

  it("forget everything when everything is deleted", () => {
    fc.assert(
      fc.property(fc.array(attack, { maxLength: 20 }), (attacks) => {
        const caches = new Caches();
        for (const each of attacks) strike(caches, each, BEGAN_AT);
        for (const resource of MODELS.keys()) caches.sinkFor(resource).beginReplace().commit(BEGAN_AT, "100");
        expect(Object.values(caches.sizes())).to.deep.equal(Object.values(caches.sizes()).map(() => 0));
        expect(caches.reconcileKeys()).to.deep.equal([]);
        expect([...caches.serviceEndpoints()]).to.deep.equal([]);
      }),
      propertyRuns(40),
    );
  });
});
