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
  /** What else the item of the list has, for a field of it; for a rule about items the same stands beside each example. */
  readonly beside?: object;
}

const PATIENCE: Example = {
  accepts: ["Auto", "1s", "90s", "1h"],
  refuses: ["500ms", "0s", "1h1s"],
};
const NAME: Example = {
  accepts: ["a", "checkout-service", "v1.checkout", "9"],
  refuses: ["deployment/a", "Checkout", "-a", "a-", "a_b", "a b"],
};

const RATIO = { name: "errors", ratio: { bad: "bad", total: "total" } };
const LATENCY = { name: "slow", latency: { histogram: "seconds" } };
const QUERY = { name: "queue", query: "max(depth)" };
const SHORT_NAME: Example = { accepts: ["a", "errors", "p-99"], refuses: ["Errors", "a.b", "-a", "a b"] };
const metric = (example: Example): Example => ({ beside: RATIO, ...example });
const http = (example: Example): Example => ({ beside: { name: "api" }, ...example });
const HOST_NAME: Example = {
  accepts: ["shop.example.com", "shop", "shop:8443"],
  refuses: ["http://shop", "shop/x", "shop\r\nX: y", "a b"],
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
  "RolloutGuard.spec.checks.metrics[]": metric({
    beside: { source: "default" },
    accepts: [
      RATIO,
      LATENCY,
      { ...QUERY, max: 1000 },
      { ...QUERY, min: "0.5", max: "9" },
      { ...RATIO, max: "5%" },
      { ...RATIO, source: "pods", port: 8080, path: "/stats" },
    ],
    refuses: [
      { name: "none" },
      { ...RATIO, ...LATENCY },
      { ...RATIO, query: "up", max: 1 },
      QUERY,
      { ...RATIO, min: 1 },
      { ...RATIO, max: 5 },
      { ...RATIO, max: "0.05" },
      { ...QUERY, max: "5%" },
      { ...QUERY, max: 1, source: "pods" },
      { ...RATIO, port: 8080 },
      { ...RATIO, path: "/stats" },
    ],
  }),
  "RolloutGuard.spec.checks.metrics[].name": metric(SHORT_NAME),
  "RolloutGuard.spec.checks.metrics[].latency.above": metric({
    beside: LATENCY,
    accepts: ["1ms", "250ms", "1h"],
    refuses: ["0s", "2h"],
  }),
  "RolloutGuard.spec.checks.metrics[].minDifference": metric({
    accepts: ["0%", "1%", "0.5%", "100%"],
    refuses: ["1", "0.01", "-1%", "1 %"],
  }),
  "RolloutGuard.spec.checks.metrics[].for": metric({ accepts: ["0s", "1m", "1h"], refuses: ["2h"] }),
  "RolloutGuard.spec.checks.metrics[].interval": metric({ accepts: ["5s", "5m"], refuses: ["1s", "6m"] }),
  "RolloutGuard.spec.checks.metrics[].initialDelay": metric({ accepts: ["0s", "10m"], refuses: ["11m"] }),
  "RolloutGuard.spec.checks.http[]": http({
    beside: { method: "GET", expect: {} },
    accepts: [{ name: "a" }, { name: "a", method: "HEAD" }, { name: "a", expect: { body: "ok" } }],
    refuses: [{ name: "a", method: "HEAD", expect: { body: "ok" } }],
  }),
  "RolloutGuard.spec.checks.http[].name": http(SHORT_NAME),
  "RolloutGuard.spec.checks.http[].path": http({
    accepts: ["/", "/api/ping?deep=1", "/a//b", "/%0d%0a", "/a/..b?up=/../"],
    refuses: [
      "api",
      "http://pods/",
      "//pods/",
      "/a b",
      "/\r\nHost: x",
      "",
      "/a#b",
      "/a/../b",
      "/%2e%2E",
      "/\\pods",
    ],
  }),
  "RolloutGuard.spec.checks.http[].serverName": http(HOST_NAME),
  "RolloutGuard.spec.checks.http[].host": http(HOST_NAME),
  "RolloutGuard.spec.checks.http[].headers[].name": http({
    beside: { name: "api", headers: [{ value: "x" }] },
    accepts: ["Accept", "X-Probe", "accept-language"],
    refuses: [
      "Authorization",
      "cookie",
      "HOST",
      "Connection",
      "X-Forwarded-For",
      "Proxy-Authorization",
      "Transfer-Encoding",
      "Content-Length",
      "Transfer_Encoding",
      "X-Original-URL",
      "Metadata-Flavor",
      "a:b",
      "a\r\nb",
      ":path",
    ],
  }),
  "RolloutGuard.spec.checks.http[].headers[].value": http({
    beside: { name: "api", headers: [{ name: "Accept" }] },
    accepts: ["application/json", ""],
    refuses: ["a\r\nCookie: b", "\u0000", "é"],
  }),
  "RolloutGuard.spec.checks.http[].timeout": http({ accepts: ["100ms", "30s"], refuses: ["50ms", "31s"] }),
  "RolloutGuard.spec.checks.http[].slowerThan": http({ accepts: ["10ms", "30s"], refuses: ["5ms", "31s"] }),
  "RolloutGuard.spec.checks.http[].interval": http({ accepts: ["5s", "5m"], refuses: ["4s", "6m"] }),
  "RolloutGuard.spec.checks.http[].for": http({ accepts: ["0s", "1h"], refuses: ["61m"] }),
  "RolloutGuard.spec.checks.http[].initialDelay": http({ accepts: ["0s", "10m"], refuses: ["11m"] }),
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
  const cel = (value: unknown): unknown => {
    if (typeof value === "number") return BigInt(value);
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cel(member)]));
  };
  return evaluate(rule, { self: cel(self), oldSelf: cel(oldSelf) });
}

describe("CEL rules", () => {
  it("have examples, each of them", () => {
    expect([...new Set(ruledFields.map(({ path }) => path))].sort()).to.deep.equal(
      Object.keys(EXAMPLES).sort(),
    );
  });

  for (const { path, schema, rule, message } of ruledFields) {
    const { accepts, before } = examplesOf(path);

    it(`of ${path} accept what is right`, () => {
      for (const value of accepts) expect(holds(rule, value, before), JSON.stringify(value)).to.equal(true);
    });

    it(`of ${path} hold for its default, or the API server would refuse the CRD`, () => {
      if (schema.default !== undefined) expect(holds(rule, schema.default)).to.equal(true);
    });

    it(`of ${path} say what to write, in a message that is no longer than a line`, () => {
      expect(message).to.match(/^(must|the) .{20,}/);
      expect(message.length).to.be.at.most(130);
    });
  }

  for (const path of Object.keys(EXAMPLES)) {
    const { accepts, refuses, before } = examplesOf(path);
    it(`of ${path} refuse what is wrong, one or the other of them`, () => {
      const rules = ruledFields.filter((field) => field.path === path);
      for (const value of refuses) {
        const results = rules.map(({ rule }) => holds(rule, value, before));
        expect(results, JSON.stringify(value)).to.include(false);
      }
    });

    if (before !== undefined) continue;
    it(`of ${path} mean in the operator what they mean in the API server`, () => {
      for (const value of accepts) expect(isAccepted(path, value), JSON.stringify(value)).to.equal(true);
      for (const value of refuses) expect(isAccepted(path, value), JSON.stringify(value)).to.equal(false);
    });
  }
});

/** Examples of an item of a list with what stands beside them, as the API server fills in defaults. */
function examplesOf(path: string): Required<Pick<Example, "accepts" | "refuses">> & Example {
  const example = EXAMPLES[path] ?? { accepts: [], refuses: [] };
  if (!path.endsWith("[]") || example.beside === undefined) return example;
  const completed = (values: readonly unknown[]) =>
    values.map((value) => ({ ...example.beside, ...(value as object) }));
  return { ...example, accepts: completed(example.accepts), refuses: completed(example.refuses) };
}

/** Whether the operator takes a guard with this value at this path. */
function isAccepted(path: string, value: unknown): boolean {
  const spec: z.input<typeof rolloutGuardSpecSchema> = { target: { name: "a" } };
  const names = path.replace("RolloutGuard.spec.", "").replaceAll("[]", ".0").split(".");
  const firstItem = names.indexOf("0");
  let at: Record<string, unknown> = spec;
  for (const [index, name] of names.slice(0, -1).entries()) {
    at[name] ??= names[index + 1] === "0" ? [] : {};
    at = at[name] as Record<string, unknown>;
    if (names[index + 1] === "0" && index + 2 < names.length && index + 1 === firstItem)
      at[0] ??= structuredClone(EXAMPLES[path]?.beside ?? {});
  }
  at[names.at(-1) ?? ""] = value;
  return rolloutGuardSpecSchema.safeParse(spec).success;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
