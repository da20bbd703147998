import { expect } from "chai";
import { isReleaseMark } from "./release-marks.ts";

describe("isReleaseMark", () => {
  for (const name of [
    "helm.sh/chart",
    "app.kubernetes.io/version",
    "app.kubernetes.io/managed-by",
    "kubernetes.io/change-cause",
    "argocd.argoproj.io/tracking-id",
    "example.com/git-sha",
    "commit",
    "ci.example.com/pipeline-id",
    "deployed-by",
    "kubectl.kubernetes.io/restartedAt",
  ]) {
    it(`knows ${name}: it says which release it is, and changes nothing about how pods run`, () => {
      expect(isReleaseMark(name)).to.equal(true);
    });
  }

  for (const name of [
    "app",
    "version",
    "app.kubernetes.io/name",
    "sidecar.istio.io/inject",
    "prometheus.io/port",
    "rolloutguard.io/veto",
    "container.apparmor.security.beta.kubernetes.io/app",
  ]) {
    it(`does not take ${name} for one: something can act on it`, () => {
      expect(isReleaseMark(name)).to.equal(false);
    });
  }
});
