// Every CEL rule of the CRDs is tried on what it must accept and what it must refuse.
import { evaluate } from "@marcbachmann/cel-js";
import { expect } from "chai";
import type { z } from "zod";
import { rolloutGuardSpecSchema } from "../../src/api/rollout-guard.ts";
import { buildObjectSchema } from "./crds.ts";
import { CUSTOM_RESOURCES } from "./custom-resources.ts";
import { walk } from "./testing/schema-walk.ts";

interface Example {
  readonly accepts: readonly unknown[];
  readonly refuses: readonly unknown[];
  /** The value before the change, for a rule about changes. */
  readonly before?: unknown;
}

const PATIENCE: Example = {
  accepts: ["Auto", "1s", "90s", "1h"],
  refuses: ["500ms", "0s", "1h1s"],
};
const NAME: Example = {
  accepts: ["a", "checkout-service", "v1.checkout", "9"],
  refuses: ["deployment/a", "Checkout", "-a", "a-", "a_b", "a b"],
};

const EXAMPLES: Readonly<Record<string, Example>> = {
  "RolloutGuard.spec.target": {
    before: { kind: "Deployment", name: "a" },
    accepts: [{ kind: "Deployment", name: "a" }],
    refuses: [{ kind: "Deployment", name: "b" }],
  },
  "RolloutGuard.spec.target.name": NAME,
  "RolloutGuard.spec.services": {
    accepts: [[], ["a"], ["a", "b"]],
    refuses: [
      ["a", "a"],
      ["a", "b", "a"],
    ],
  },
  "RolloutGuard.spec.services[]": NAME,
  "RolloutGuard.spec.bakeTime": { accepts: ["10s", "5m", "24h"], refuses: ["9s", "0s", "24h1s"] },
  "RolloutGuard.spec.checks.crashLoop.patience": PATIENCE,
  "RolloutGuard.spec.checks.imagePull.patience": PATIENCE,
  "RolloutGuard.spec.checks.configError.patience": PATIENCE,
  "RolloutGuard.spec.checks.createFailed.patience": PATIENCE,
  "RolloutGuard.spec.checks.podRejected.patience": PATIENCE,
  "RolloutGuard.spec.checks.unschedulable.patience": PATIENCE,
  "RolloutGuard.spec.checks.readiness.patience": PATIENCE,
  "RolloutGuard.spec.checks.emptyEndpoints.for": PATIENCE,
  "RolloutGuard.spec.checks.degraded.for": PATIENCE,
  "RolloutGuard.spec.limits.maxRollbacks": { accepts: [1, 100], refuses: [0] },
  "RolloutGuard.spec.limits.window": { accepts: ["1s", "1h", "720h"], refuses: ["0s", "721h"] },
  "RolloutGuard.spec.limits.cooldown": { accepts: ["0s", "5m", "24h"], refuses: ["25h"] },
  "Incident.spec": {
    before: { reason: "NotReady", failedRevision: { hash: "a", images: ["x:1"] } },
    accepts: [{ reason: "NotReady", failedRevision: { hash: "a", images: ["x:1"] } }],
    refuses: [
      { reason: "Degraded", failedRevision: { hash: "a", images: ["x:1"] } },
      { reason: "NotReady", failedRevision: { hash: "a", images: ["x:2"] } },
    ],
  },
};

const ruledFields = CUSTOM_RESOURCES.flatMap((resource) =>
  [...walk(buildObjectSchema(resource), resource.kind)].flatMap(({ path, schema }) =>
    (schema["x-kubernetes-validations"] ?? []).map((validation) => ({ path, schema, ...validation })),
  ),
);

/** As the API server would: whole numbers are CEL's int, which cel-js takes as bigint. */
function holds(rule: string, self: unknown, oldSelf?: unknown): unknown {
  const cel = (value: unknown) => (typeof value === "number" ? BigInt(value) : value);
  return evaluate(rule, { self: cel(self), oldSelf: cel(oldSelf) });
}

describe("CEL rules", () => {
  it("have examples, each of them", () => {
    expect(ruledFields.map(({ path }) => path).sort()).to.deep.equal(Object.keys(EXAMPLES).sort());
  });

  for (const { path, schema, rule, message } of ruledFields) {
    const { accepts, refuses, before } = EXAMPLES[path] ?? { accepts: [], refuses: [] };

    it(`of ${path} accept what is right and refuse what is wrong`, () => {
      for (const value of accepts) expect(holds(rule, value, before), JSON.stringify(value)).to.equal(true);
      for (const value of refuses) expect(holds(rule, value, before), JSON.stringify(value)).to.equal(false);
    });

    it(`of ${path} hold for its default, or the API server would refuse the CRD`, () => {
      if (schema.default !== undefined) expect(holds(rule, schema.default)).to.equal(true);
    });

    it(`of ${path} say what to write, in a message that is no longer than a line`, () => {
      expect(message).to.match(/^(must|the) .{20,}/);
      expect(message.length).to.be.at.most(130);
    });
  }

  for (const [path, { accepts, refuses, before }] of Object.entries(EXAMPLES)) {
    if (before !== undefined) continue;
    it(`of ${path} mean in the operator what they mean in the API server`, () => {
      for (const value of accepts) expect(isAccepted(path, value), JSON.stringify(value)).to.equal(true);
      for (const value of refuses) expect(isAccepted(path, value), JSON.stringify(value)).to.equal(false);
    });
  }
});

/** Whether the operator takes a guard with this value at this path. */
function isAccepted(path: string, value: unknown): boolean {
  const spec: z.input<typeof rolloutGuardSpecSchema> = { target: { name: "a" } };
  const names = path.replace("RolloutGuard.spec.", "").replace("[]", ".0").split(".");
  let at: Record<string, unknown> = spec;
  for (const [index, name] of names.slice(0, -1).entries()) {
    at[name] ??= names[index + 1] === "0" ? [] : {};
    at = at[name] as Record<string, unknown>;
  }
  at[names.at(-1) ?? ""] = value;
  return rolloutGuardSpecSchema.safeParse(spec).success;
}
