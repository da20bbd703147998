import { execFileSync } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { propertyRuns } from "../testing/property-runs.ts";
import { kubectlPatch } from "./kubectl-patch.ts";

const SHOP = { kind: "deployment", name: "shop", namespace: "production" } as const;

describe("kubectlPatch", () => {
  it("is a command that can be pasted", () => {
    expect(kubectlPatch(SHOP, "strategic", { spec: { paused: true } })).to.equal(
      `kubectl patch deployment shop -n production --type=strategic -p '{"spec":{"paused":true}}'`,
    );
  });

  it("means to a shell what it says, whatever is in the patch", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const patch = { spec: { text } };
        const command = kubectlPatch(SHOP, "merge", patch);
        if (command === undefined) return;
        const words = execFileSync("sh", ["-c", command.replace("kubectl", "printf '%s\\0'")], {
          encoding: "utf8",
        });
        const body = words.split("\0").at(-2) ?? "";
        expect(JSON.parse(body)).to.deep.equal(patch);
      }),
      propertyRuns(60),
    );
  });

  it("is not given for a name that no object has, nor where it would be too long to be read", () => {
    expect(kubectlPatch({ ...SHOP, name: "shop; rm -rf /" }, "merge", {})).to.equal(undefined);
    expect(kubectlPatch({ ...SHOP, namespace: "$(id)" }, "merge", {})).to.equal(undefined);
    expect(kubectlPatch(SHOP, "merge", { text: "x".repeat(800) })).to.equal(undefined);
    expect(kubectlPatch(SHOP, "merge", { text: "\u202e" })).to.equal(undefined);
  });
});
