import { expect } from "chai";
import { normalise } from "./normalise.ts";

describe("normalise", () => {
  it("leaves out ages, by the place of their column, also where other cells are empty", () => {
    const table = [
      "NAME   TARGET   PHASE   AGE",
      "web    web              12s",
      "shop   shop     Fine    2m5s",
    ];
    expect(normalise(table.join("\n"))).to.equal(
      ["NAME  TARGET  PHASE  AGE", "web  web  <age>", "shop  shop  Fine  <age>"].join("\n"),
    );
  });

  it("keeps durations that are no ages", () => {
    expect(normalise("  bakeTime: 5m\n  for 300s")).to.equal("  bakeTime: 5m\n  for 300s");
    expect(normalise("NAME   BAKE   AGE\nweb    10m    10m")).to.equal("NAME  BAKE  AGE\nweb  10m  <age>");
  });

  it("leaves out ages among words: of restarts and of Events", () => {
    expect(normalise("RESTARTS       AGE\n3 (15s ago)    80s")).to.equal(
      "RESTARTS  AGE\n3 (<age> ago)  <age>",
    );
    const events = "  Reason   Age               From\n  Pulled   5s (x2 over 10s)  kubelet";
    expect(normalise(events)).to.equal("  Reason  Age  From\n  Pulled  <age> (x2 over <age>)  kubelet");
  });

  it("replaces names that are made by chance", () => {
    expect(normalise("pod/web-5d4f8c7b9d-x2x5k")).to.equal("pod/web-<hash>-<id>");
    expect(normalise("pod-template-hash=5d4f8c7b9d")).to.equal("pod-template-hash=<hash>");
    expect(normalise("deployment-controller")).to.equal("deployment-controller");
    expect(normalise("the replica-set web-stuck")).to.equal("the replica-set web-stuck");
  });

  it("leaves out the number of a temporary folder, also one that looks like a hash", () => {
    expect(normalise("/tmp/MERGED-1034/apps /tmp/LIVE-2456789245/apps")).to.equal(
      "/tmp/MERGED/apps /tmp/LIVE/apps",
    );
  });

  it("replaces identities, times and addresses", () => {
    expect(normalise("uid: 6f1c9a30-1111-4222-8333-0123456789ab")).to.equal("uid: <uid>");
    expect(normalise('resourceVersion: "123"')).to.equal("resourceVersion: <version>");
    expect(normalise("at 2026-01-01T00:00:00Z")).to.equal("at <time>");
    expect(normalise("Thu, 01 Jan 2026 00:00:00 +0000")).to.equal("<time>");
    expect(normalise("10.88.0.3:8080")).to.equal("<address>:8080");
  });
});
