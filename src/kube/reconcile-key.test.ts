import { expect } from "chai";
import fc from "fast-check";
import { WORKLOAD_KINDS } from "../api/workload-kind.ts";
import { parseReconcileKey, reconcileKey, workloadKindOf } from "./reconcile-key.ts";

describe("the key of a pass", () => {
  const part = fc.stringMatching(/^[a-z0-9]([-a-z0-9.]{0,20}[a-z0-9])?$/);

  it("gives back what it was made of, whatever somebody wrote as the target's name", () => {
    const kind = fc.constantFrom(...WORKLOAD_KINDS);
    fc.assert(
      fc.property(part, part, kind, fc.string(), (namespace, guard, ofKind, name) => {
        const target = { kind: ofKind, name };
        expect(parseReconcileKey(reconcileKey(namespace, guard, target))).to.deep.equal({
          namespace,
          guard,
          target,
        });
      }),
    );
  });

  it("takes an unknown kind for the default", () => {
    for (const value of ["Pod", "", undefined, 7, "deployment"])
      expect(workloadKindOf(value)).to.equal("Deployment");
  });
});
