import { expect } from "chai";
import { CONFIG_REASONS, IMAGE_REASONS, isNeverStarted, startFailureOf } from "./waiting-reasons.ts";

describe("startFailureOf", () => {
  it("takes every image reason for image trouble", () => {
    for (const reason of IMAGE_REASONS) expect(startFailureOf(reason, ""), reason).to.equal("image");
  });

  it("takes every config reason for config trouble", () => {
    for (const reason of CONFIG_REASONS)
      expect(startFailureOf(reason, "no such key"), reason).to.equal("config");
  });

  it("knows no trouble in the usual steps of a start, nor in a crash loop", () => {
    for (const reason of ["", "ContainerCreating", "PodInitializing", "CrashLoopBackOff"])
      expect(startFailureOf(reason, ""), reason).to.equal(undefined);
  });

  it("forgives a kubelet whose cache is late", () => {
    const message = "failed to sync secret cache: timed out waiting for the condition";
    expect(startFailureOf("CreateContainerConfigError", message)).to.equal(undefined);
  });

  it("forgives a late cache in no other reason", () => {
    expect(startFailureOf("CreateContainerError", "failed to sync configmap cache")).to.equal("config");
  });
});

describe("isNeverStarted", () => {
  it("tells a process that was never started from one that failed", () => {
    expect(isNeverStarted("StartError")).to.equal(true);
    expect(isNeverStarted("ContainerCannotRun")).to.equal(true);
    expect(isNeverStarted("Error")).to.equal(false);
  });
});
