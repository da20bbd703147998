// What the commands show, as it was looked at: at three widths, in a pipe, in colours, and where the cluster gives nothing.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ScriptedAnswer,
  type ScriptedRequest,
  startScriptedServer,
} from "../kube/testing/scripted-server.ts";
import { postmortem } from "../reports/postmortem/postmortem.ts";
import { COMMANDS } from "./command-table.ts";
import { incidentPage } from "./commands/incidents/incident-page.ts";
import { incidentsTable } from "./commands/incidents/incidents-table.ts";
import { humanReport } from "./commands/lint/human-report.ts";
import { wideReport } from "./commands/lint/wide-report.ts";
import { glanceTable } from "./commands/status/glance-table.ts";
import { guardPage } from "./commands/status/guard-page.ts";
import { GUARDS, INCIDENT, LINT, NOW } from "./testing/example-reports.ts";
import { runCommand } from "./testing/run-command.ts";
import { expectSnapshot } from "./testing/snapshot.ts";

const LOOKS = {
  "60 columns": { columns: 60, isWatched: true, hasColours: false },
  "80 columns": { columns: 80, isWatched: true, hasColours: false },
  "200 columns": { columns: 200, isWatched: true, hasColours: false },
  "a pipe": { columns: 80, isWatched: false, hasColours: false },
  colours: { columns: 80, isWatched: true, hasColours: true },
} as const;
type Look = (typeof LOOKS)[keyof typeof LOOKS];

const READ = { namespace: "shop", view: INCIDENT, object: {} };
const FORM = { isWide: false, showsNamespaces: true };
const PAGES: Readonly<Record<string, (look: Look) => string>> = {
  "status list": (look) => glanceTable(GUARDS, look, FORM),
  "status wide": (look) => glanceTable(GUARDS, look, { ...FORM, isWide: true }),
  "status page": (look) => GUARDS.map((guard) => guardPage(guard, look, false)).join("\n"),
  "incidents list": (look) => incidentsTable([READ], NOW, look, FORM),
  "incidents page": (look) => incidentPage(READ, NOW, look, false),
  "incidents wide page": (look) => incidentPage(READ, NOW, look, true),
  "lint report": (look) => humanReport(LINT, look),
  "lint wide": () => wideReport(LINT),
  postmortem: () => postmortem(INCIDENT, "shop", NOW),
};

describe("what the commands show", () => {
  for (const [page, render] of Object.entries(PAGES)) {
    it(`${page}: is as it was looked at, at each width, in a pipe and in colours`, () => {
      const shown = Object.entries(LOOKS).map(([look, terminal]) => `=== ${look}\n${render(terminal)}`);
      expectSnapshot(page.replaceAll(" ", "-"), shown.join("\n"));
    });
  }

  it("help: is as it was looked at", async () => {
    const names = Object.entries(COMMANDS).flatMap(([name, { isHidden }]) => (isHidden ? [] : name));
    const texts = await Promise.all(
      [["--help"], ...names.map((name) => [name, "--help"])].map(
        async (args) => (await runCommand(args)).out,
      ),
    );
    expectSnapshot("help", texts.join("\n"));
  });
});

/** Of each command that asks the cluster. */
const ASKING: readonly (readonly string[])[] = [
  ["status"],
  ["incidents"],
  ["postmortem", "web"],
  ["wait", "web"],
  ["rollback", "web", "--dry-run"],
  ["veto", "web", "--remove"],
  ["lint"],
  ["version"],
];

const STATUS = { kind: "Status", apiVersion: "v1", status: "Failure" };

/** What the API server answers, or does. */
const TROUBLES: Readonly<Record<string, (request: ScriptedRequest, answer: ScriptedAnswer) => void>> = {
  "a lost connection": (_, answer) => answer.reset(),
  "no rights at all": ({ path, method }, answer) => {
    const resource = path.split("/").at(path.includes("namespaces/shop/") && path.endsWith("/web") ? -2 : -1);
    const verb = method === "GET" ? (path.endsWith("/web") ? "get" : "list") : "create";
    const message = `${resource} is forbidden: User "eve" cannot ${verb} resource "${resource}" in API group "" in the namespace "shop"`;
    answer.json(403, { ...STATUS, reason: "Forbidden", code: 403, message });
  },
  "a refusal without words": (_, answer) => answer.json(403, { ...STATUS, reason: "Forbidden", code: 403 }),
  "credentials that are refused": (_, answer) =>
    answer.json(401, { ...STATUS, reason: "Unauthorized", code: 401, message: "Unauthorized" }),
  "no such namespace, and no RolloutGuard": (_, answer) =>
    answer.json(404, {
      ...STATUS,
      reason: "NotFound",
      code: 404,
      message: "the server could not find the requested resource",
    }),
};

describe("what the commands say when the cluster gives nothing", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "snapshots-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [trouble, script] of Object.entries(TROUBLES)) {
    it(`${trouble}: is as it was looked at`, async () => {
      const server = await startScriptedServer(script);
      const kubeconfig = join(folder, "config");
      writeFileSync(kubeconfig, server.kubeConfig().exportConfig());
      const flags = ["-n", "shop", "--kubeconfig", kubeconfig, "--clock-rate", "1000"];
      const said: string[] = [];
      for (const args of ASKING) {
        const { exitCode, out, err } = await runCommand([...args, ...flags]);
        const text = `${out}${err}`.replaceAll(server.url, "https://cluster");
        said.push(`$ kubectl rolloutguard ${args.join(" ")} -n shop\n${text}exit code ${exitCode}\n`);
      }
      await server.stop();
      expectSnapshot(`trouble-${trouble.replaceAll(/\W+/g, "-")}`, said.join("\n"));
    });
  }
});
