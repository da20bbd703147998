// No value of a variable or an argument, and nothing that looks like a secret, ever leaves: values are planted wherever
// applications and kubelets may repeat them, in every recording, and looked for in all that is decided and told.

import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { defaultGuard, recordedDeployment } from "../src/cli/commands/replay/guard-file.ts";
import { parseRecording, type RecordedLine, type Recording } from "../src/cli/commands/replay/recording.ts";
import { decide } from "../src/domain/decide.ts";
import { propertyRuns } from "../src/domain/testing/property-runs.ts";
import { Caches } from "../src/kube/caches/caches.ts";
import { asList, asObject, asText, type RawObject } from "../src/kube/objects.ts";
import { observe } from "../src/kube/observe.ts";
import { projectTarget } from "../src/kube/projections/target.ts";
import { reconcileKey } from "../src/kube/reconcile-key.ts";
import { allReports } from "./testing/all-reports.ts";

const FOLDER = new URL("./recordings/", import.meta.url);
const recordings = [
  "crash-loop-missing-env",
  "readiness-http-500",
  "missing-secret",
  "image-pull-failure",
].map((name) => parseRecording(name, readFileSync(new URL(`${name}.jsonl`, FOLDER), "utf8")));

/** A value that nobody would take for an ordinary word, and the part of it that must not be seen. */
interface Planted {
  readonly value: string;
  readonly parts: readonly string[];
}

const letters = (min: number, max: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPRSTUVW23456789")),
    minLength: min,
    maxLength: max,
  });
const odd = letters(9, 30).map((text) => `${text}9x`);
const planted: fc.Arbitrary<Planted> = fc.oneof(
  odd.map((value) => ({ value, parts: [value] })),
  fc.tuple(odd, odd).map(([user, password]) => ({
    value: `postgres://${user}:${password}@db.example:5432/shop?sslmode=on`,
    parts: [password, user],
  })),
  fc.tuple(odd, odd, odd).map((words) => ({ value: words.join(" "), parts: words })),
  fc.tuple(odd, odd).map((lines) => ({ value: `-----BEGIN-----\n${lines.join("\n")}\n`, parts: lines })),
  fc
    .string({ unit: "grapheme", minLength: 12, maxLength: 60 })
    .map((text) => `${text.trim()}9x!`)
    .map((value) => ({ value, parts: [value] })),
);

/** How it is repeated: as it is, in a sentence, cut off at the end as kubelets cut, several times. */
const repeated = fc.constantFrom<(value: string) => string>(
  (value) => value,
  (value) => `cannot connect to "${value}": connection refused`,
  (value) => `${value} and again ${value}.`,
  (value) => `the settings were ${value.slice(0, Math.max(14, value.length - 3))}`,
);

describe("what is decided and told", () => {
  it("has none of the values that the pods get, wherever they are repeated", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recordings),
        planted,
        repeated,
        fc.boolean(),
        (recording, plant, repeat, asArgument) => {
          const reported = tellingOf(plantIn(recording, plant.value, repeat(plant.value), asArgument));
          for (const part of plant.parts) {
            const shown = JSON.stringify(part).slice(1, -1);
            expect(reported.includes(shown) || reported.includes(part), `${part} of ${plant.value}`).to.equal(
              false,
            );
          }
        },
      ),
      propertyRuns(40),
    );
  });

  it("has no secret of which only the form is known", () => {
    const secret = fc.tuple(
      odd,
      fc.constantFrom<(value: string) => string>(
        (value) => `password=${value}`,
        (value) => `"api_key": "${value}"`,
        (value) => `dial mysql://root:${value}@db:3306: refused`,
        (value) => `Authorization: Bearer ${value}`,
        (value) => `bad flag --token ${value}`,
        (value) => `eyJhbGciOi.${value}.${value}`,
        (value) => `-----BEGIN RSA PRIVATE KEY-----\n${value}`,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...recordings), secret, (recording, [value, form]) => {
        const reported = tellingOf(plantIn(recording, undefined, form(value), false));
        expect(reported.includes(value), form(value)).to.equal(false);
      }),
      propertyRuns(25),
    );
  });

  it("finds planted values when nothing hides them, or this would prove nothing", () => {
    const [recording] = recordings;
    if (!recording) throw new Error("no recording");
    expect(tellingOf(plantIn(recording, undefined, "not-hidden-1234", false))).to.contain("not-hidden-1234");
    const reports = tellingOf(plantIn(recording, undefined, "not-hidden-1234", false)).split(
      "# Incident post-mortem",
    );
    expect(reports, "post-mortems").to.have.lengthOf(2);
    expect(reports[1]).to.contain("not-hidden-1234");
    expect(readdirSync(FOLDER)).to.include(`${recording.name}.jsonl`);
  });
});

/** Everything that the decision sees, says and writes, and that reports tell of it, in one text. */
function tellingOf(recording: Recording): string {
  const { name, namespace } = recordedDeployment(recording);
  const guard = defaultGuard(name);
  const caches = new Caches();
  const createdAt = new Date(recording.beganAt).toISOString();
  const metadata = { ...asObject(guard.metadata), namespace, uid: "guard", creationTimestamp: createdAt };
  caches.apply("rolloutguards", "ADDED", { ...guard, metadata }, recording.beganAt);
  const reported: string[] = [];
  for (const line of recording.lines) {
    if ("mark" in line) {
      if (/undo/.test(line.mark)) break;
      continue;
    }
    const at = recording.beganAt + line.t * 1_000;
    caches.apply(line.resource, line.type === "LIST" ? "ADDED" : line.type, line.object, at);
  }
  const endAt = recording.beganAt + 100_000;
  const key = reconcileKey(namespace, name, projectTarget(guard));
  const snapshot = observe(caches, key, { observeOnly: false });
  if (!snapshot) throw new Error("no snapshot");
  const decision = decide(snapshot, endAt);
  reported.push(JSON.stringify(snapshot), JSON.stringify(decision), allReports(caches, key, decision, endAt));
  return reported.join("\n");
}

/** The recording with the value in every template and pod, and the text in whatever containers and kubelets say. */
function plantIn(
  recording: Recording,
  value: string | undefined,
  text: string,
  asArgument: boolean,
): Recording {
  const lines = recording.lines.map((line): RecordedLine => {
    if ("mark" in line) return line;
    const { resource, object } = line;
    if (resource === "events") {
      return {
        ...line,
        object: { ...object, type: "Warning", message: `${asText(object.message)} ${text}` },
      };
    }
    if (resource === "pods")
      return { ...line, object: withStatus(withSpec(object, value, asArgument), text) };
    if (resource !== "deployments" && resource !== "replicasets") return line;
    const spec = asObject(object.spec);
    const template = withSpec(asObject(spec.template), value, asArgument);
    const annotations = {
      ...asObject(asObject(object.metadata).annotations),
      "kubectl.kubernetes.io/last-applied-configuration": text,
      "kubernetes.io/change-cause": `kubectl set env ${text}`,
      "rolloutguard.io/veto": text,
    };
    const conditions = [
      ...asList(asObject(object.status).conditions),
      { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: text },
    ];
    return {
      ...line,
      object: {
        ...object,
        metadata: { ...asObject(object.metadata), annotations },
        spec: { ...spec, template },
        status: { ...asObject(object.status), conditions },
      },
    };
  });
  return { ...recording, lines };
}

function withSpec(object: RawObject, value: string | undefined, asArgument: boolean): RawObject {
  if (value === undefined) return object;
  const spec = asObject(object.spec);
  const containers = asList(spec.containers).map((raw) => {
    const container = asObject(raw);
    return asArgument
      ? { ...container, args: ["serve", `--secret-thing=${value}`] }
      : { ...container, env: [...asList(container.env), { name: "SECRET_THING", value }] };
  });
  return { ...object, spec: { ...spec, containers } };
}

/** Each container's ends and waits say the text. */
function withStatus(object: RawObject, text: string): RawObject {
  const status = asObject(object.status);
  const say = (raw: unknown) =>
    Object.fromEntries(
      Object.entries(asObject(raw)).map(([is, state]) => [
        is,
        is === "running"
          ? state
          : { ...asObject(state), message: `${asText(asObject(state).message)} ${text}` },
      ]),
    );
  const containerStatuses = asList(status.containerStatuses).map((raw) => {
    const container = asObject(raw);
    return { ...container, state: say(container.state), lastState: say(container.lastState) };
  });
  return { ...object, status: { ...status, containerStatuses } };
}
