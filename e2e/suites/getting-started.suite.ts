// A newcomer's first Incident: the commands of docs/getting-started/first-incident.md, run as the page has them, on a cluster on
// which the operator is installed already. It plays meanwhile, as the scenarios do.
import { expect } from "chai";
import { kubectlFolder } from "../../hack/kubectl-contract/kubectl-binary.ts";
import { runProgram } from "../../hack/run-program.ts";
import type { IncidentSpec, IncidentStatus } from "../../src/api/incident.ts";
import { kubectlJson } from "../installed/kubectl.ts";
import { poll } from "../testing/eventually.ts";
import {
  commandsOfStep,
  type IncidentRow,
  incidentRowsOf,
  PAGE_NAMESPACE,
  readFirstIncidentPage,
} from "../testing/first-incident-page.ts";
import { underTest } from "./under-test.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const POLL_EVERY_MS = 1_000;
/** Longer than a busy machine needs for any step. */
const PATIENCE_MS = 900_000;

const { kubeconfig, kubectl } = underTest();

interface Incident {
  readonly metadata: { readonly name: string };
  readonly spec: IncidentSpec;
  readonly status?: IncidentStatus;
}

/** What the page shows after a step, and what the cluster has then. */
interface Played {
  readonly rows: readonly IncidentRow[];
  /** What kubectl describes of the Incident and of the Deployment, when the first rollback has succeeded. */
  readonly described: string;
  readonly first: Incident;
  readonly second: Incident;
}

let played: Promise<Played>;

// Outside of the suite: it plays while the suites before are reported.
before(() => {
  played = play();
  // Awaited by the tests, which come later than its failure.
  played.catch(() => {});
});

describe("docs/getting-started/first-incident.md", () => {
  after(async () => {
    await Promise.allSettled([played]);
    await kubectl(["delete", "namespace", PAGE_NAMESPACE, "--ignore-not-found", "--timeout=120s"]);
  });

  it("leads to a rollback with the reason, the cause and the revisions that the page shows", async () => {
    const { rows, first } = await played;
    expect(rowOf(first)).to.deep.equal(shown(rows[1]));
  });

  it("leads to descriptions with the cause and the Event that the page names", async () => {
    const { described } = await played;
    expect(described).to.contain("ProbePortNotServed").and.contain("RollingBack");
  });

  it("leads to a release that is recognized when the mistake is made again", async () => {
    const { rows, second } = await played;
    // The Deployment controller gives the revision a new number about when the Incident is opened.
    const { from: _shown, ...wanted } = shown(rows[2]);
    const { from: _found, ...found } = rowOf(second);
    expect(found).to.deep.equal(wanted);
  });
});

async function play(): Promise<Played> {
  const page = await readFirstIncidentPage();
  const run = async (step: number) => {
    const outputs: string[] = [];
    for (const commands of commandsOfStep(page, step)) outputs.push(await runInShell(commands));
    return outputs.join("");
  };
  await run(3);
  await run(4);
  const first = await incident("Recovered", ({ status }) => status?.phase === "Recovered");
  const described = await run(5);
  await run(4);
  const second = await incident("a second one", ({ metadata, status }) => {
    return metadata.name !== first.metadata.name && status?.cause !== undefined;
  });
  return { rows: incidentRowsOf(page), described, first, second };
}

/** As a person would run them in the root directory of the repository, with kubectl on the PATH. */
function runInShell(commands: string): Promise<string> {
  const path = [kubectlFolder(), process.env["PATH"]].join(":");
  const env = { ...process.env, PATH: path, KUBECONFIG: kubeconfig };
  return runProgram(["sh", "-e", "-c", commands], { cwd: ROOT, env });
}

/** Resolves with an Incident that is as wanted, when there is one. */
async function incident(wanted: string, isWanted: (incident: Incident) => boolean): Promise<Incident> {
  const endsAt = performance.now() + PATIENCE_MS;
  const list = () =>
    kubectlJson<{ items: readonly Incident[] }>(kubectl, ["--namespace", PAGE_NAMESPACE, "get", "incidents"]);
  const found = await poll(
    async () => (await list()).items.find((each) => isWanted(each)),
    POLL_EVERY_MS,
    () => performance.now() > endsAt,
  );
  if (found !== undefined) return found;
  throw new Error(`no Incident is ${wanted}: ${JSON.stringify((await list()).items)}`);
}

type Columns = Pick<IncidentRow, "reason" | "cause" | "from" | "to">;

function shown(row: IncidentRow | undefined): Columns {
  if (row === undefined) throw new Error("the page shows no such Incident");
  const { reason, cause, from, to } = row;
  return { reason, cause, from, to };
}

function rowOf({ spec, status }: Incident): Columns {
  return {
    reason: spec.reason,
    cause: String(status?.cause),
    from: String(spec.failedRevision.revision),
    to: String(spec.restoreRevision?.revision),
  };
}
