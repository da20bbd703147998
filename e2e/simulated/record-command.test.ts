// `kubectl rolloutguard record` and `replay`: what is recorded on a cluster is judged as it would have been there.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Replay } from "../../src/cli/commands/replay/replay.ts";
import { runCommand } from "../../src/cli/testing/run-command.ts";
import { guardOf, SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

const CRASHING = { CRASH: "1", CRASH_AFTER: "2s", EXIT_MESSAGE: "DATABASE_URL is not set" };
const RECORDED = join(import.meta.dirname, "../recordings/readiness-wrong-port.jsonl");
const ROOT = join(import.meta.dirname, "../..");

describe("kubectl rolloutguard record", () => {
  let world: World;
  let folder: string;

  beforeEach(async () => {
    world = await startWorld();
    folder = await mkdtemp(join(tmpdir(), "record-"));
  });

  afterEach(async () => {
    await world.stop();
    await rm(folder, { recursive: true });
  });

  it("records until its time is up, with what is typed as marks, and replay judges it", async () => {
    const file = join(folder, "shop.jsonl");
    const { given, when, isComplete } = world.story("a");
    given.aDeployment();
    await world.eventually(
      () => "v1 is available",
      () => isComplete(),
    );
    const recorded = await world.command("a", ["record", "--out", file, "--for", "90s"], {
      onLine(take) {
        take(" new revision applied ");
        when.shipped({ tag: "v2", env: CRASHING });
        return () => {};
      },
    });
    expect(recorded.exitCode, recorded.err).to.equal(0);
    expect(recorded.err)
      .to.include("marked: new revision applied\n")
      .and.to.match(/^\d{2,} lines in /m);
    expect(recorded.out).to.equal("");

    // Written out: how urgent a crash loop is depends on how many old pods were replaced before the first crash.
    const guard = join(folder, "guard.yaml");
    await writeFile(
      guard,
      JSON.stringify(guardOf("a", SHOP, SHOP, { checks: { crashLoop: { patience: "10s" } } })),
    );
    const { exitCode, out, err } = await runCommand(["replay", file, "--guard", guard, "--output", "json"]);
    expect(exitCode, err).to.equal(0);
    const [replay] = JSON.parse(out) as readonly Replay[];
    expect(replay).to.include({ recording: "shop", target: "shop" });
    expect(replay?.decisions.at(-1)).to.include({ action: "rollback", reason: "CrashLooping" });
  });

  it("ends when it is interrupted, and never writes over a file", async () => {
    const file = join(folder, "shop.jsonl");
    world.story("a").given.aDeployment();
    const record = () => world.command("a", ["record", "-o", file], { interrupted: async () => {} });
    expect((await record()).exitCode).to.equal(0);
    const before = await readFile(file, "utf8");
    expect(before).to.include('"type":"LIST"');

    const { exitCode, err } = await record();
    expect(exitCode).to.equal(2);
    expect(err).to.include("choose another --out");
    expect(await readFile(file, "utf8")).to.equal(before);
  });
});

describe("kubectl rolloutguard replay", () => {
  it("prints nothing but JSON when it is asked for it, by npm too", async () => {
    const args = ["run", "--silent", "replay", "--", "--output", "json", RECORDED, RECORDED];
    const { stdout, stderr } = await promisify(execFile)("npm", args, { cwd: ROOT });
    expect(stderr).to.equal("");
    const replays = JSON.parse(stdout) as readonly Replay[];
    expect(replays.map(({ recording }) => recording)).to.deep.equal([
      "readiness-wrong-port",
      "readiness-wrong-port",
    ]);
    expect(replays[0]?.decisions.at(-1)).to.have.all.keys("t", "action", "reason", "message");
  });

  it("tells a person what happened, what would have been decided, and what came of it", async () => {
    const { exitCode, out } = await runCommand(["replay", RECORDED]);
    expect(exitCode).to.equal(0);
    expect(out).to.match(/^readiness-wrong-port \(Deployment [\w-]+\)$/m);
    expect(out)
      .to.match(/ s {2}happened {2}\S/)
      .and.to.match(/ s {2}decided {3}rollback {2}NotReady: /);
    expect(out).to.match(/→ it would have been rolled back [\d.]+ s after the change/);
  });

  it("says which file, line or guard is wrong, and what is expected there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "replay-"));
    try {
      const [broken, guard] = [join(folder, "broken.jsonl"), join(folder, "guard.yaml")];
      await writeFile(broken, '{"t": 0, "mark": "begun"}\nnonsense\n');
      await writeFile(guard, "kind: Deployment\n");
      for (const [args, message] of [
        [["/no/such/file"], "cannot read /no/such/file"],
        [[broken], "broken, line 2: not JSON"],
        [[RECORDED, "--guard", guard], "expected one object of kind RolloutGuard"],
        [[RECORDED, "--deployment", "nope"], "no Deployment nope in it"],
      ] as const) {
        const { exitCode, out, err } = await runCommand(["replay", ...args]);
        expect([exitCode, out], message).to.deep.equal([2, ""]);
        expect(err).to.include(`error: `).and.to.include(message);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
