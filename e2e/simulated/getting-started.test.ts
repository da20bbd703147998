// What docs/getting-started/first-incident.md promises: its manifest and its mistake, played as written.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import {
  GETTING_STARTED,
  type IncidentRow,
  incidentRowsOf,
  PAGE_NAMESPACE,
  readFirstIncidentPage,
} from "../testing/first-incident-page.ts";
import type { Incident } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

function asRow({ name, spec, status }: Incident): Omit<IncidentRow, "phase"> {
  return {
    name,
    reason: spec.reason,
    cause: String(status?.cause),
    from: String(spec.failedRevision.revision),
    to: String(spec.restoreRevision?.revision),
  };
}

describe("docs/getting-started/first-incident.md", () => {
  let world: World;
  let page: string;

  before(async () => {
    page = await readFirstIncidentPage();
    world = await startWorld();
    await world.startOperator();
  });

  after(() => world.stop());

  async function makeTheMistake(): Promise<void> {
    const [, body] = /-p '(\[.*\])'/.exec(page) ?? [];
    const path = `apis/apps/v1/namespaces/${PAGE_NAMESPACE}/deployments/web`;
    const response = await fetch(`${world.cluster.url}/${path}`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: String(body),
    });
    expect(response.status).to.equal(200);
  }

  it("comes as it says: a good revision, a rollback, and a brake when the mistake is made again", async () => {
    const [first, again, second] = incidentRowsOf(page);
    const { incidents } = world.story(PAGE_NAMESPACE);
    const incidentIn = (row: IncidentRow | undefined) =>
      world.eventually(
        () => `an Incident that is ${row?.phase}, beside ${JSON.stringify(incidents())}`,
        () =>
          incidents().find(({ spec, status }) => spec.reason === row?.reason && status?.phase === row?.phase),
      );

    const manifest = await readFile(join(GETTING_STARTED, "web.yaml"), "utf8");
    for (const document of parseAllDocuments(manifest)) world.cluster.store.apply(document.toJS() as object);
    await world.eventually(
      () => "the guard is Healthy",
      () =>
        world.cluster.store
          .list("rolloutguards", PAGE_NAMESPACE)
          .some(({ status }) => (status as { phase?: string } | undefined)?.phase === "Healthy"),
    );
    await makeTheMistake();
    expect({ ...first, ...asRow(await incidentIn(first)) }).to.deep.equal(first);
    expect({ ...again, ...asRow(await incidentIn(again)) }).to.deep.equal(again);
    await makeTheMistake();
    // The Deployment controller gives the revision a new number about when the Incident is opened.
    const { from: _, ...others } = asRow(await incidentIn(second));
    expect({ ...second, ...others }).to.deep.equal(second);
  });

  it("shows the guard that its manifest has", async () => {
    const [, shown = ""] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
    const documents = parseAllDocuments(await readFile(join(GETTING_STARTED, "web.yaml"), "utf8"));
    const guard = documents
      .map((document) => document.toJS() as { kind: string })
      .find(({ kind }) => kind === "RolloutGuard");
    expect(parse(shown)).to.deep.equal(guard);
  });
});
