import { expect } from "chai";
import { isRestartMark, isRestartVariable } from "./restart-marks.ts";

describe("an annotation that only makes pods start again", () => {
  const marks = [
    "kubectl.kubernetes.io/restartedAt",
    "reloader.stakater.com/last-reloaded-from",
    "wave.pusher.com/config-hash",
    "cattle.io/timestamp",
    "rollme",
    "app.example/redeploy-timestamp",
    "force-update",
    "checksum/config",
    "checksum/secret-env",
    "example.com/configmap-checksum",
    "config-sha256",
    "example.com/secret-hash",
    "example.com/restarted-at",
    "deployed-at",
    "config-version",
    "build-date",
    "timestamp",
  ];
  for (const name of marks) {
    it(`is ${name}`, () => {
      expect(isRestartMark(name)).to.equal(true);
    });
  }

  const read = [
    "prometheus.io/port",
    "prometheus.io/scrape",
    "sidecar.istio.io/inject",
    "linkerd.io/inject",
    "vault.hashicorp.com/role",
    "cluster-autoscaler.kubernetes.io/safe-to-evict",
    "kubernetes.io/change-cause",
    "example.com/version",
    "example.com/hashring",
    "example.com/log-format",
  ];
  for (const name of read) {
    it(`is not ${name}, which something reads`, () => {
      expect(isRestartMark(name)).to.equal(false);
    });
  }
});

describe("a variable that only makes pods start again", () => {
  it("is what Reloader writes of a ConfigMap or a Secret", () => {
    expect(isRestartVariable("STAKATER_SETTINGS_CONFIGMAP")).to.equal(true);
    expect(isRestartVariable("STAKATER_DATABASE_SECRET")).to.equal(true);
  });

  it("is no variable that the application may read", () => {
    for (const name of ["DATABASE_URL", "STAKATER_TOKEN", "MY_STAKATER_X_SECRET", "CONFIGMAP", "SECRET"]) {
      expect(isRestartVariable(name)).to.equal(false);
    }
  });
});
