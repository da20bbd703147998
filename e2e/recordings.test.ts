// The recordings are ground truth: what a careful person would have wanted is what the guard decides, in time.
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { createRandom } from "../hack/simulated-cluster/random.ts";
import type { CauseClass, Certainty } from "../src/api/causes.ts";
import { defaultGuard, recordedDeployment } from "../src/cli/replay/guard-file.ts";
import { parseRecording, type RecordedLine, type Recording } from "../src/cli/replay/recording.ts";
import { type Replay, replay } from "../src/cli/replay/replay.ts";

interface Label {
  readonly want: "rollback" | "incident" | "nothing";
  readonly change: number;
}

const FOLDER = new URL("./recordings/", import.meta.url);
const LABELS = JSON.parse(readFileSync(new URL("labels.json", FOLDER), "utf8")) as Record<string, Label>;

/** Seconds from the change within which the rollback must be decided. */
const IN_TIME: Record<string, { readonly seconds: number; readonly reason: string }> = {
  "missing-secret": { seconds: 30, reason: "ContainerConfigError" },
  "image-pull-failure": { seconds: 30, reason: "ImagePullFailing" },
  "crash-loop-missing-env": { seconds: 20, reason: "CrashLooping" },
  "selector-mismatch-empty-endpoints": { seconds: 25, reason: "EmptyEndpoints" },
  "readiness-wrong-port": { seconds: 30, reason: "NotReady" },
  "readiness-http-500": { seconds: 50, reason: "NotReady" },
  // The Service lost its last endpoint 57.1 s after the change; 20 s are allowed from then on.
  "degrades-after-success": { seconds: 77.1, reason: "Degraded" },
};

/** What a careful person would name as the cause, and what the sentences must name that is to be changed. */
const CAUSES: Record<
  string,
  {
    readonly cause: CauseClass;
    readonly certainty: Certainty;
    readonly names: RegExp;
    readonly patch?: RegExp;
  }
> = {
  "readiness-http-500": {
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*GET http :8080\/healthz.*\/healthz of container sre-app/s,
  },
  "first-deploy-bad": { cause: "HealthCheckFails", certainty: "Certain", names: /HTTP 500.*\/healthz/s },
  "degrades-after-success": {
    cause: "HealthCheckFails",
    certainty: "Certain",
    names: /HTTP 500.*\/healthz/s,
  },
  "readiness-wrong-port": {
    cause: "ProbePortNotServed",
    certainty: "Certain",
    names: /port 80;.*8080 would be right.*Service sre-service sends there.*declare containerPort 8080/s,
    patch: /"readinessProbe":\{"httpGet":\{"port":8080\}\}/,
  },
  "crash-loop-missing-env": {
    cause: "ContainerCrashes",
    certainty: "Likely",
    names: /Container checkout exits with code 1 .*image \(.*2\.2\.0 → .*2\.3\.0\), env CRASH/s,
  },
  "selector-mismatch-empty-endpoints": {
    cause: "ServiceSelectorMismatch",
    certainty: "Certain",
    names: /lost tier=backend, which Service inference-api selects on/,
    patch: /"labels":\{"tier":"backend"\}/,
  },
  "image-pull-failure": {
    cause: "RegistryUnreachable",
    certainty: "Certain",
    names: /sre-candidate:latest cannot be reached; the name says none, so docker\.io is asked/,
  },
  "missing-secret": {
    cause: "SecretMissing",
    certainty: "Certain",
    names:
      /Secret checkout-secrets does not exist, and env DATABASE_URL of container checkout.*with key database-url/s,
  },
};

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".jsonl"))
  .map((file) => file.replace(".jsonl", ""));
const recordings = new Map(
  names.map((name) => [name, parseRecording(name, readFileSync(new URL(`${name}.jsonl`, FOLDER), "utf8"))]),
);

describe("the recordings", () => {
  it("are all labelled, and every rollback has its time limit", () => {
    expect(names).to.have.members(Object.keys(LABELS));
    const rollbacks = names.filter((name) => LABELS[name]?.want === "rollback");
    expect(Object.keys(IN_TIME)).to.have.members(rollbacks);
  });

  for (const [name, recording] of recordings) {
    it(`${name}: ${LABELS[name]?.want} is decided, in time`, () => {
      const decided = replayed(recording);
      expectWanted(name, decided);
      const limit = IN_TIME[name];
      if (!limit) return;
      const act = decided.decisions.at(-1);
      expect(act?.reason).to.equal(limit.reason);
      expect(act?.t).to.be.at.most((LABELS[name]?.change ?? 0) + limit.seconds);
    });

    it(`${name}: ${CAUSES[name]?.cause ?? "no cause"} is told, with what to change`, () => {
      const [incident] = replayed(recording).incidents;
      const [cause] = incident?.causes ?? [];
      const wanted = CAUSES[name];
      expect(incident === undefined, "no Incident").to.equal(LABELS[name]?.want === "nothing");
      expect(cause?.class).to.equal(wanted?.cause);
      if (!cause || !wanted) return;
      expect(cause.certainty).to.equal(wanted.certainty);
      expect(`${cause.message} ${cause.remedy}`).to.match(wanted.names);
      if (wanted.patch) expect(cause.patch).to.match(wanted.patch);
      expect(cause.evidence, "evidence").to.be.an("array").that.is.not.empty;
    });

    it(`${name}: the same is decided without any Event`, () => {
      const lines = recording.lines.filter((line) => "mark" in line || line.resource !== "events");
      expectWanted(name, replayed({ ...recording, lines }));
    });

    it(`${name}: the same is decided when everything arrives late and out of step`, () => {
      for (let seed = 1; seed <= 12; seed += 1) expectWanted(name, replayed(jittered(recording, seed, 1.5)));
    });

    it(`${name}: the same is decided when Events arrive long after the fact`, () => {
      for (let seed = 1; seed <= 4; seed += 1) {
        expectWanted(name, replayed(jittered(recording, seed, 15, (line) => line.resource === "events")));
      }
    });
  }
});

function replayed(recording: Recording): Replay {
  const { name, namespace } = recordedDeployment(recording);
  return replay(recording, defaultGuard(name), name, namespace);
}

function expectWanted(name: string, { decisions }: Replay): void {
  const acts = decisions.filter(({ action }) => action !== "none").map(({ action }) => action);
  const want = LABELS[name]?.want;
  const why = decisions.map(({ t, action, reason }) => `${t} ${action} ${reason}`).join("\n");
  if (want === "nothing") expect(acts, why).to.deep.equal([]);
  else expect(acts, why).to.deep.equal([want]);
}

/** Delays changes by up to `seconds`; those of one object keep their order, as a watch guarantees. */
function jittered(
  recording: Recording,
  seed: number,
  seconds: number,
  applies: (line: Exclude<RecordedLine, { mark: string }>) => boolean = () => true,
): Recording {
  const random = createRandom(seed);
  const lastOf = new Map<string, number>();
  const lines = recording.lines.map((line): RecordedLine => {
    if ("mark" in line || line.type === "LIST" || !applies(line)) return line;
    const { uid } = line.object.metadata as { uid: string };
    const t = Math.max(line.t + random.between(0, seconds), lastOf.get(uid) ?? 0);
    lastOf.set(uid, t);
    return { ...line, t };
  });
  return { ...recording, lines: lines.sort((a, b) => a.t - b.t) };
}
