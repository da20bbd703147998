// What docs/getting-started/first-incident.md promises: its manifest and its mistake, played as written.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse, parseAllDocuments } from "yaml";
import type { Incident } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const PAGES = join(import.meta.dirname, "../../docs/getting-started");
const NAMESPACE = "shop";

/** A line of `kubectl get incidents` in the page. */
interface Row {
  readonly name: string;
  readonly phase: string;
  readonly reason: string;
  readonly cause: string;
  readonly from: string;
  readonly to: string;
}

/** The lines of all tables of Incidents in the page. */
function rowsOf(page: string): readonly Row[] {
  const tables = [...page.matchAll(/^\$ kubectl -n shop get incidents\n.*\n([\s\S]*?)^```/gm)];
  return tables
    .flatMap(([, lines = ""]) => lines.trim().split("\n"))
    .map((line) => {
      const [name = "", , phase = "", reason = "", cause = "", from = "", to = ""] = line.split(/\s+/);
      return { name, phase, reason, cause, from, to };
    });
}

function asRow({ name, spec, status }: Incident): Omit<Row, "phase"> {
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
    page = await readFile(join(PAGES, "first-incident.md"), "utf8");
    world = await startWorld();
    await world.startOperator();
  });

  after(() => world.stop());

  async function makeTheMistake(): Promise<void> {
    const [, body] = /-p '(\[.*\])'/.exec(page) ?? [];
    const path = `apis/apps/v1/namespaces/${NAMESPACE}/deployments/web`;
    const response = await fetch(`${world.cluster.url}/${path}`, {
      method: "PATCH",
      headers: { "content-type": "application/json-patch+json" },
      body: String(body),
    });
    expect(response.status).to.equal(200);
  }

  it("comes as it says: a good revision, a rollback, and a brake when the mistake is made again", async () => {
    const [first, again, second] = rowsOf(page);
    const { incidents } = world.story(NAMESPACE);
    const incidentIn = (row: Row | undefined) =>
      world.eventually(
        () => `an Incident that is ${row?.phase}, beside ${JSON.stringify(incidents())}`,
        () =>
          incidents().find(({ spec, status }) => spec.reason === row?.reason && status?.phase === row?.phase),
      );

    const manifest = await readFile(join(PAGES, "web.yaml"), "utf8");
    for (const document of parseAllDocuments(manifest)) world.cluster.store.apply(document.toJS() as object);
    await world.eventually(
      () => "the guard is Healthy",
      () =>
        world.cluster.store
          .list("rolloutguards", NAMESPACE)
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
    const documents = parseAllDocuments(await readFile(join(PAGES, "web.yaml"), "utf8"));
    const guard = documents
      .map((document) => document.toJS() as { kind: string })
      .find(({ kind }) => kind === "RolloutGuard");
    expect(parse(shown)).to.deep.equal(guard);
  });
});
