// Bad input, level three: what status, incidents and postmortem make of a cluster in which anybody may have written anything.
import { expect } from "chai";
import fc from "fast-check";
import { incidentPage } from "../src/cli/commands/incidents/incident-page.ts";
import { incidentsTable } from "../src/cli/commands/incidents/incidents-table.ts";
import { readIncidents } from "../src/cli/commands/incidents/read-incidents.ts";
import { glanceTable } from "../src/cli/commands/status/glance-table.ts";
import { guardPage } from "../src/cli/commands/status/guard-page.ts";
import { observedGuard } from "../src/cli/commands/status/observed-guard.ts";
import { dataText } from "../src/cli/output-forms.ts";
import { propertyRuns } from "../src/domain/testing/property-runs.ts";
import { fillCaches } from "../src/kube/filled-caches.ts";
import type { ListClient } from "../src/kube/list-all.ts";
import { asObject, metaOf, type RawObject } from "../src/kube/objects.ts";
import { RESOURCES, type ResourceName, resourcePath } from "../src/kube/resources.ts";
import { rawGuard, rawIncident, rawUndo } from "../src/kube/testing/raw-objects.ts";
import { postmortem } from "../src/reports/postmortem/postmortem.ts";
import { hostileObject, RECORDINGS, recordedObjects } from "./testing/hostile-objects.ts";

const SOUND = RECORDINGS.find(({ name }) => name === "crash-loop-missing-env");
if (SOUND === undefined) throw new Error("the recording is gone");
const LINES = recordedObjects(SOUND);
const NOW = SOUND.beganAt + 60_000;
const SINCE = new Date(SOUND.beganAt).toISOString();
const NAMESPACE = "shop";
const TARGET = metaOf(LINES.find(({ resource }) => resource === "deployments")?.object).name;

const here = (object: RawObject): RawObject => ({
  ...object,
  metadata: { ...asObject(object["metadata"]), namespace: NAMESPACE },
});
const guard = rawGuard("guard", TARGET, { metadata: { creationTimestamp: SINCE } });
const status = { phase: "Acting", steps: [rawUndo("shop", { from: "a", to: "b", startedAt: SINCE })] };
/** What is there in the end of the recording, a guard, and Incidents. */
const OBJECTS = new Map<ResourceName, RawObject[]>([
  ["rolloutguards", [guard]],
  ["incidents", [rawIncident("i", TARGET), rawIncident("j", TARGET, status)]],
]);
for (const { resource, object } of LINES) {
  const others = (OBJECTS.get(resource) ?? []).filter((one) => metaOf(one).uid !== metaOf(object).uid);
  OBJECTS.set(resource, [...others, object]);
}

const spoiled = fc.constantFrom(...OBJECTS).chain(([resource, objects]) =>
  fc.record({
    resource: fc.constant(resource),
    objects: fc.array(hostileObject(objects), { minLength: 1, maxLength: 3 }),
  }),
);

/** Answers lists of the objects, with the spoiled ones beside the sound ones or instead of them. */
function cluster(
  attacks: readonly { readonly resource: ResourceName; readonly objects: readonly RawObject[] }[],
) {
  const get: ListClient["get"] = async (path) => {
    for (const resource of Object.keys(RESOURCES) as ResourceName[]) {
      if (path !== resourcePath(resource, NAMESPACE)) continue;
      const hostile = attacks
        .filter((attack) => attack.resource === resource)
        .flatMap(({ objects }) => objects);
      const items = [...(OBJECTS.get(resource) ?? []), ...hostile].map((object) => here(asObject(object)));
      return { kind: `${RESOURCES[resource].kind}List`, metadata: { resourceVersion: "9" }, items };
    }
    throw new Error(`nobody lists ${path}`);
  };
  return { get };
}

const LOOK = { columns: 80, hasColours: false, isWatched: true };
/** What would steer a terminal. */
const CONTROL = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;
const FORM = { isWide: true, showsNamespaces: true };

async function allReported(client: ListClient): Promise<string> {
  const look = await fillCaches(client, { now: () => NOW }, NAMESPACE);
  const reports = look.caches.reconcileKeys().flatMap((key) => observedGuard(look, key) ?? []);
  const read = await readIncidents(client, NAMESPACE, () => NOW);
  return [
    glanceTable(reports, LOOK, FORM),
    ...reports.map((report) => guardPage(report, LOOK, true) + dataText(report, "yaml")),
    incidentsTable(read.incidents, NOW, LOOK, FORM),
    ...read.incidents.map(
      (one) =>
        incidentPage(one, NOW, LOOK, true) +
        postmortem(one.view, NAMESPACE, NOW) +
        dataText(one.object, "json"),
    ),
    ...read.problems,
  ].join("\n");
}

describe("reports of a cluster in which anything was written", () => {
  it("tell of what is sound", async () => {
    const reported = await allReported(cluster([]));
    expect(reported).to.include("CrashLooping").and.to.include(`guards Deployment ${TARGET}`);
    expect(reported.match(/^# Incident post-mortem/gm)).to.have.lengthOf(2);
  });

  it("name the target of a guard whose spec is wrong, and steer no terminal with it", async () => {
    const wrong = { ...guard, spec: { mode: "No such mode", target: { name: `${TARGET}\u202e\u0000` } } };
    const reported = await allReported(cluster([{ resource: "rolloutguards", objects: [wrong] }]));
    expect(reported).to.include(`guards Deployment ${TARGET}`).and.not.to.match(CONTROL);
  });

  it("are made whatever else there is, and steer no terminal", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spoiled, { minLength: 1, maxLength: 4 }), async (attacks) => {
        const reported = await allReported(cluster(attacks));
        expect(reported.match(CONTROL), "control characters").to.equal(null);
        expect(reported).not.to.match(/Invalid Date|\[object /);
      }),
      propertyRuns(60),
    );
  });
});
