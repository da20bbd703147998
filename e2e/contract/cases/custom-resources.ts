// The project's own resources: defaults, pruning, rules, and a status that is written apart from the spec.

import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { Status } from "../api.ts";
import type { ContractCase } from "../contract-case.ts";
import { expectRefusal, notFound, REJECTED_PATCH } from "../expectations.ts";
import { guard, incident } from "../manifests.ts";

interface Guard extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

interface Crd {
  readonly spec: {
    readonly versions: readonly { readonly additionalPrinterColumns: readonly { readonly name: string }[] }[];
  };
}

interface Table {
  readonly columnDefinitions: readonly { readonly name: string }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
}

const STATUS = { phase: "Verifying", message: "m", timeline: [] };

/** What kubectl asks for. */
const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

const DEFAULTS = {
  evidence: { logs: false },
  bakeTime: "5m",
  freeze: "OnSuspicion",
  incidentHistoryLimit: 20,
  limits: { cooldown: "5m", maxRollbacks: 3, window: "1h" },
  mode: "Rollback",
  rollbackTo: "LastGood",
  target: { kind: "Deployment", name: "web" },
};

export const CUSTOM_RESOURCES: readonly ContractCase[] = [
  {
    title:
      "a guard gets its defaults, loses what its schema does not know, and has no status when it is created",
    async play(site) {
      const manifest = { ...guard("web", { nonsense: 1 }), status: { phase: "Healthy" } };
      const answer = await site.api.request<Guard>("POST", site.path("rolloutguards"), manifest);
      expect(answer.code).to.equal(201);
      const { metadata, spec, status } = answer.body;
      expect(status).to.equal(undefined);
      expect(metadata.generation).to.equal(1);
      const { checks, ...rest } = spec;
      expect(rest).to.deep.equal(DEFAULTS);
      expect(checks).to.deep.include({
        crashLoop: { enabled: true, patience: "Auto", restarts: 2 },
        readiness: { enabled: true, patience: "Auto" },
        progressDeadline: { enabled: true },
      });
    },
  },
  {
    title: "a field that the schema does not know is dropped, warned of, or refused, as the client asks",
    async play(site) {
      const post = (name: string, validation: string) => {
        const path = `${site.path("rolloutguards")}?fieldValidation=${validation}`;
        return site.api.request<Status>("POST", path, guard(name, { nonsense: 1 }));
      };
      const ignoring = await post("a", "Ignore");
      expect([ignoring.code, ignoring.warnings]).to.deep.equal([201, []]);
      const warning = await post("b", "Warn");
      expect([warning.code, warning.warnings]).to.deep.equal([201, ['unknown field "spec.nonsense"']]);
      expectRefusal(await post("c", "Strict"), {
        code: 400,
        reason: "BadRequest",
        message:
          'RolloutGuard in version "v1alpha1" cannot be handled as a RolloutGuard: strict decoding error: unknown field "spec.nonsense"',
      });
    },
  },
  {
    title: "a guard with wrong values is refused with every fault, each with its field",
    async play(site) {
      const wrong = guard("web", { mode: "Maybe", bakeTime: "3s", checks: { crashLoop: { restarts: 0 } } });
      const restarts = "spec.checks.crashLoop.restarts";
      const faults = [
        [
          "FieldValueInvalid",
          restarts,
          `Invalid value: 0: ${restarts} in body should be greater than or equal to 1`,
        ],
        [
          "FieldValueNotSupported",
          "spec.mode",
          'Unsupported value: "Maybe": supported values: "Rollback", "Observe"',
        ],
        [
          "FieldValueInvalid",
          "<nil>",
          "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
        ],
      ].map(([reason, field, message]) => ({ reason, message, field }));
      const answer = await site.api.request<Status>("POST", site.path("rolloutguards"), wrong);
      // In which order the fields come is chance on a real server.
      const { causes, ...details } = answer.body.details as {
        readonly causes: readonly (typeof faults)[number][];
      };
      expect(causes).to.have.deep.members(faults);
      const list = causes.map(({ field, message }) => `${field}: ${message}`).join(", ");
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: `RolloutGuard.rolloutguard.io "web" is invalid: [${list}]`,
        details: { name: "web", group: "rolloutguard.io", kind: "RolloutGuard", causes },
      });
      expect(details).to.deep.equal({ name: "web", group: "rolloutguard.io", kind: "RolloutGuard" });
    },
  },
  {
    title: "a rule of the schema refuses with the rule's own message, at creation and at a change",
    async play(site) {
      const refusal = (field: string, message: string) => ({
        code: 422,
        reason: "Invalid",
        message: `RolloutGuard.rolloutguard.io "web" is invalid: ${field}: ${message}`,
        details: {
          name: "web",
          group: "rolloutguard.io",
          kind: "RolloutGuard",
          causes: [{ reason: "FieldValueInvalid", message, field }],
        },
      });
      const path = site.path("rolloutguards");
      expectRefusal(
        await site.api.request("POST", path, guard("web", { bakeTime: "3s" })),
        refusal("spec.bakeTime", 'Invalid value: "3s": must be from 10s to 24h, for example 5m'),
      );
      await site.create("rolloutguards", guard());
      expectRefusal(
        await site.jsonPatch(`${path}/web`, [{ op: "replace", path: "/spec/target/name", value: "other" }]),
        refusal(
          "spec.target",
          "Invalid value: the target is immutable; create another RolloutGuard for another Deployment",
        ),
      );
    },
  },
  {
    title: "the spec of an Incident never changes, and its labels may",
    async play(site) {
      await site.create("incidents", incident());
      const path = site.path("incidents", "web-bad");
      const changed = await site.jsonPatch<Status>(path, [
        { op: "replace", path: "/spec/message", value: "x" },
      ]);
      expect(changed.code).to.equal(422);
      expect(changed.body.message).to.equal(
        'Incident.rolloutguard.io "web-bad" is invalid: spec: Invalid value: the spec of an Incident is immutable',
      );
      const labelled = await site.jsonPatch(path, [{ op: "add", path: "/metadata/labels/a", value: "b" }]);
      expect([labelled.code, labelled.body.metadata.generation]).to.deep.equal([200, 1]);
    },
  },
  // Of Incidents, as an operator that runs in the cluster leaves those alone that are not its own.
  {
    title: "a write of the status changes only the status, and raises no generation",
    async play(site) {
      const created = await site.create("incidents", incident());
      const { uid, resourceVersion } = created.metadata;
      const { code, body } = await site.jsonPatch(site.path("incidents", "web-bad", "status"), [
        { op: "test", path: "/metadata/uid", value: uid },
        { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
        { op: "add", path: "/status", value: { ...STATUS, nonsense: 1 } },
        { op: "add", path: "/metadata/labels/a", value: "b" },
        { op: "replace", path: "/spec/message", value: "x" },
      ]);
      expect(code).to.equal(200);
      const metadata = { ...created.metadata, resourceVersion: body.metadata.resourceVersion };
      expect(body).to.deep.equal({ ...created, metadata, status: STATUS });
      expect(body.metadata.resourceVersion).to.not.equal(resourceVersion);
    },
  },
  {
    title: "a write of the object leaves the status as it is",
    async play(site) {
      await site.create("incidents", incident());
      await site.jsonPatch(site.path("incidents", "web-bad", "status"), [
        { op: "add", path: "/status", value: STATUS },
      ]);
      const { code, body } = await site.jsonPatch(site.path("incidents", "web-bad"), [
        { op: "add", path: "/metadata/labels/a", value: "b" },
        { op: "replace", path: "/status/phase", value: "Recovered" },
      ]);
      expect([code, body.status, body.metadata.labels?.["a"]]).to.deep.equal([200, STATUS, "b"]);
    },
  },
  {
    title: "the generation of a guard counts changes of its spec, and of nothing else",
    async play(site) {
      await site.create("rolloutguards", guard());
      const path = site.path("rolloutguards", "web");
      const labelled = await site.jsonPatch(path, [
        { op: "add", path: "/metadata/labels", value: { a: "b" } },
      ]);
      expect([labelled.code, labelled.body.metadata.generation]).to.deep.equal([200, 1]);
      const changed = await site.jsonPatch(path, [{ op: "replace", path: "/spec/mode", value: "Observe" }]);
      expect([changed.code, changed.body.metadata.generation]).to.deep.equal([200, 2]);
    },
  },
  {
    title:
      "a status made for an older resourceVersion is refused with 422, one that the schema forbids with its causes",
    async play(site) {
      const { metadata } = await site.create("incidents", incident());
      const path = site.path("incidents", "web-bad", "status");
      const write = (phase: string) =>
        site.jsonPatch<Status>(path, [
          { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
          { op: "add", path: "/status", value: { ...STATUS, phase } },
        ]);
      const wrong = await write("Bad");
      expect([wrong.code, wrong.body.reason]).to.deep.equal([422, "Invalid"]);
      expect(wrong.body.details).to.have.property("causes");
      expect((await write("Verifying")).code).to.equal(200);
      expectRefusal(await write("Recovered"), REJECTED_PATCH);
    },
  },
  {
    title:
      "an update of a guard without resourceVersion is refused, one of a guard that is not there with 404",
    async play(site) {
      const { resourceVersion: _version, ...metadata } = (await site.create("rolloutguards", guard()))
        .metadata;
      const path = site.path("rolloutguards", "web");
      const fault = {
        reason: "FieldValueInvalid",
        message: "Invalid value: 0: must be specified for an update",
        field: "metadata.resourceVersion",
      };
      expectRefusal(await site.api.request("PUT", path, { ...guard(), metadata }), {
        code: 422,
        reason: "Invalid",
        message: `rolloutguards.rolloutguard.io "web" is invalid: ${fault.field}: ${fault.message}`,
        details: { name: "web", group: "rolloutguard.io", kind: "rolloutguards", causes: [fault] },
      });
      expectRefusal(
        await site.api.request("PUT", site.path("rolloutguards", "none"), guard("none")),
        notFound("rolloutguards.rolloutguard.io", "none"),
      );
    },
  },
  {
    title: "an Incident is deleted only under its own uid",
    async play(site) {
      const { metadata } = await site.create("incidents", incident());
      const remove = (uid: string) =>
        site.api.request<Status>("DELETE", site.path("incidents", "web-bad"), {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid },
        });
      const refused = await remove("other");
      expect([refused.code, refused.body.reason]).to.deep.equal([409, "Conflict"]);
      expect((await remove(metadata.uid)).code).to.equal(200);
      expectRefusal(await remove(metadata.uid), notFound("incidents.rolloutguard.io", "web-bad"));
    },
  },
  {
    title: "guards and Incidents are printed in the columns of their CRDs",
    async play(site) {
      await site.create("rolloutguards", guard());
      for (const plural of ["rolloutguards", "incidents"] as const) {
        const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.rolloutguard.io`;
        const { body: crd } = await site.api.request<Crd>("GET", path);
        const wanted = crd.spec.versions[0]?.additionalPrinterColumns.map(({ name }) => name) ?? [];
        const answer = await site.api.request<Table>("GET", site.path(plural), undefined, undefined, TABLE);
        const { columnDefinitions, rows } = answer.body;
        expect(columnDefinitions.map(({ name }) => name)).to.deep.equal(["Name", ...wanted]);
        if (plural === "rolloutguards") expect(rows[0]?.cells.slice(0, 2)).to.deep.equal(["web", "web"]);
      }
    },
  },
];
