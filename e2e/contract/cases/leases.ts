// Leases, by which one replica of the operator leads: who was first, who comes too late, and what a Lease may say.
import { expect } from "chai";
import type { Status } from "../api.ts";
import type { ContractCase } from "../contract-case.ts";
import { expectRefusal, modifiedMeanwhile, notFound, REJECTED_PATCH } from "../expectations.ts";

const QUALIFIED = "leases.coordination.k8s.io";

function lease(spec: object = {}, metadata: object = {}) {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "leader", ...metadata },
    spec: {
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      acquireTime: "2026-03-01T12:00:00.000000Z",
      renewTime: "2026-03-01T12:00:00.123456Z",
      leaseTransitions: 0,
      ...spec,
    },
  };
}

export const LEASES: readonly ContractCase[] = [
  {
    title: "a Lease comes back as it was made, to the microsecond, without a generation",
    async play(site) {
      const created = await site.create("leases", lease());
      expect(created.spec).to.deep.equal(lease().spec);
      expect(created.metadata.generation).to.equal(undefined);
      expect(await site.read("leases", "leader")).to.deep.equal(created);
    },
  },
  {
    title: "of two who make the Lease the second is refused with 409 AlreadyExists",
    async play(site) {
      await site.create("leases", lease());
      expectRefusal(await site.api.request("POST", site.path("leases"), lease({ holderIdentity: "b" })), {
        code: 409,
        reason: "AlreadyExists",
        message: `${QUALIFIED} "leader" already exists`,
        details: { name: "leader", group: "coordination.k8s.io", kind: "leases" },
      });
    },
  },
  {
    title:
      "of two who renew one state of the Lease the second is refused: 409 for an update, 422 for a patch that tests",
    async play(site) {
      const { metadata } = await site.create("leases", lease());
      const path = site.path("leases", "leader");
      const patch = () =>
        site.jsonPatch(path, [
          { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
          { op: "replace", path: "/spec/renewTime", value: "2026-03-01T12:00:02.000000Z" },
        ]);
      expect((await patch()).code).to.equal(200);
      expectRefusal(await patch(), REJECTED_PATCH);
      const late = lease({ holderIdentity: "b" }, { resourceVersion: metadata.resourceVersion });
      expectRefusal(await site.api.request("PUT", path, late), modifiedMeanwhile(QUALIFIED, "leader"));
      const now = await site.read("leases", "leader");
      const { resourceVersion } = now.metadata;
      const update = await site.api.request("PUT", path, lease({ holderIdentity: "b" }, { resourceVersion }));
      expect(update.code).to.equal(200);
    },
  },
  {
    title: "a Lease that is not there is answered with 404, also when it is patched",
    async play(site) {
      const path = site.path("leases", "leader");
      expectRefusal(await site.api.request("GET", path), notFound(QUALIFIED, "leader"));
      const operations = [{ op: "replace", path: "/spec/holderIdentity", value: "b" }];
      expectRefusal(await site.jsonPatch(path, operations), notFound(QUALIFIED, "leader"));
    },
  },
  {
    title: "an update of a Lease that is not there makes it, and one without resourceVersion is refused",
    async play(site) {
      const path = site.path("leases", "leader");
      const made = await site.api.request("PUT", path, lease());
      expect(made.code).to.equal(201);
      expectRefusal(await site.api.request("PUT", path, lease({ holderIdentity: "b" })), {
        code: 422,
        reason: "Invalid",
        message: `${QUALIFIED} "leader" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
        details: {
          name: "leader",
          group: "coordination.k8s.io",
          kind: "leases",
          causes: [
            {
              reason: "FieldValueInvalid",
              message: "Invalid value: 0: must be specified for an update",
              field: "metadata.resourceVersion",
            },
          ],
        },
      });
    },
  },
  {
    title: "a Lease whose times have not six digits, or whose numbers cannot be, is refused",
    async play(site) {
      const post = (spec: object) => site.api.request<Status>("POST", site.path("leases"), lease(spec));
      expectRefusal(await post({ renewTime: "2026-03-01T12:00:00.1Z" }), {
        code: 400,
        reason: "BadRequest",
        message:
          'Lease in version "v1" cannot be handled as a Lease: parsing time "2026-03-01T12:00:00.1Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse ".1Z" as ".000000"',
      });
      const wrong = await post({ leaseDurationSeconds: 0, leaseTransitions: -1 });
      expect(wrong.code).to.equal(422);
      expect(wrong.body.message).to.equal(
        'Lease.coordination.k8s.io "leader" is invalid: [spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0, spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0]',
      );
    },
  },
  {
    title: "a Lease may be given up by an empty holder",
    async play(site) {
      await site.create("leases", lease());
      const { code, body } = await site.jsonPatch(site.path("leases", "leader"), [
        { op: "replace", path: "/spec/holderIdentity", value: "" },
      ]);
      expect([code, (body.spec as { holderIdentity: string }).holderIdentity]).to.deep.equal([200, ""]);
    },
  },
];
