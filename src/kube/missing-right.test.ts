import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { releaseFile } from "../release.ts";
import { ApiError } from "./connection/api-error.ts";
import { messageWithAdvice, missingRight } from "./missing-right.ts";

const forbidden = (message: string) =>
  new ApiError("PATCH /x", 403, { kind: "Status", reason: "Forbidden", message });
const USER = 'User "system:serviceaccount:rolloutguard-system:rolloutguard"';

describe("missingRight", () => {
  it("names verb, resource, place and the file that grants it", () => {
    expect(
      missingRight(
        forbidden(
          `pods is forbidden: ${USER} cannot list resource "pods" in API group "" at the cluster scope`,
        ),
      ),
    ).to.equal(
      `RolloutGuard has no permission to list pods in the whole cluster; ${releaseFile("config/rbac/cluster/cluster-role.yaml")} grants it`,
    );
    expect(
      missingRight(
        forbidden(
          `incidents.rolloutguard.io "a" is forbidden: ${USER} cannot patch resource "incidents/status" in API group "rolloutguard.io" in the namespace "shop"`,
        ),
      ),
    ).to.include(
      `no permission to patch incidents/status in namespace shop; ${releaseFile("config/rbac/cluster/")}`,
    );
    expect(
      missingRight(
        forbidden(
          `leases.coordination.k8s.io "rolloutguard" is forbidden: ${USER} cannot update resource "leases" in API group "coordination.k8s.io" in the namespace "operators"`,
        ),
      ),
    ).to.include("config/operator/lease-role.yaml");
  });

  it("names only files that exist", () => {
    const reported = ["pods", "leases", "pods/log"].map((resource) =>
      missingRight(
        forbidden(`${USER} cannot get resource "${resource}" in API group "" in the namespace "shop"`),
      ),
    );
    const files = reported.join(" ").match(/config\/\S+\.yaml/g) ?? [];
    expect(files).to.have.length(4);
    for (const file of files)
      expect(existsSync(join(import.meta.dirname, "../..", file)), file).to.equal(true);
  });

  it("says nothing where no role would help", () => {
    expect(missingRight(forbidden('pods "a" is forbidden: exceeded quota: small'))).to.equal(undefined);
    expect(missingRight(new ApiError("GET /x", 404, {}))).to.equal(undefined);
    expect(missingRight(new Error("x"))).to.equal(undefined);
  });
});

describe("messageWithAdvice", () => {
  it("adds what to grant, where that would help", () => {
    const refusal = forbidden(`${USER} cannot get resource "leases" in API group "" in the namespace "shop"`);
    expect(messageWithAdvice(refusal)).to.equal(`${refusal.message}. ${missingRight(refusal)}`);
    expect(messageWithAdvice(new Error("no route"))).to.equal("no route");
    expect(messageWithAdvice("no route")).to.equal("no route");
  });
});
