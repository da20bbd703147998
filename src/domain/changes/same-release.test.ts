import { expect } from "chai";
import type { TemplateView } from "../snapshot/template.ts";
import {
  appWith,
  aVariable,
  extraContainer,
  extraVariable,
  GOOD_TEMPLATE,
  labels,
  readinessProbe,
  type TemplateChange,
} from "../testing/a-template.ts";
import { leftoversIn } from "./same-release.ts";

const changed = (template: TemplateView, ...changes: readonly TemplateChange[]) =>
  changes.reduce((soFar, change) => change(soFar), template);
const annotated =
  (annotations: TemplateView["annotations"]): TemplateChange =>
  (template) => ({ ...template, annotations });

/** What failed: another image, without the variable that the good one has. */
const RESTORED = changed(GOOD_TEMPLATE, extraVariable("REGION"));
const FAILED = changed(GOOD_TEMPLATE, appWith({ image: "registry.example/checkout:2" }));
const SELECTING = new Set(["app"]);

const leftovers = (...changes: readonly TemplateChange[]) =>
  leftoversIn(changed(FAILED, ...changes), FAILED, RESTORED, SELECTING);

describe("a release that is applied again", () => {
  for (const [what, change] of Object.entries<TemplateChange>({
    "nothing at all": (template) => template,
    "a restart mark": annotated({ "kubectl.kubernetes.io/restartedAt": 7 }),
    "what a pipeline notes": annotated({ "example.com/git-sha": 7 }),
    "a chart's version": labels({ ...FAILED.labels, "helm.sh/chart": "checkout-2" }),
    "what a restart controller writes": extraVariable("STAKATER_SETTINGS_CONFIGMAP"),
  })) {
    it(`is the same if it differs by ${what}`, () => {
      expect(leftovers(change)).to.deep.equal([]);
    });
  }

  for (const [what, change] of Object.entries<TemplateChange>({
    "another image": appWith({ image: "registry.example/checkout:3" }),
    "the image of before": appWith({ image: "registry.example/checkout:1" }),
    "another value": appWith({ env: [aVariable("DATABASE_URL", undefined, 2), aVariable("LOG_LEVEL")] }),
    "a variable less": appWith({ env: [aVariable("DATABASE_URL")] }),
    "variables in another order": appWith({ env: [aVariable("LOG_LEVEL"), aVariable("DATABASE_URL")] }),
    "a new variable": extraVariable("FEATURE"),
    "the former variable with another value": extraVariable("REGION", 2),
    "a probe": readinessProbe({ port: 9090 }),
    "a part of a probe that is not looked at": appWith({ knownFields: { readinessProbe: 3 } }),
    "a command": appWith({ commandKey: "another" }),
    "an annotation that something can read": annotated({ "sidecar.istio.io/inject": 1 }),
    "a label": labels({ ...FAILED.labels, track: "canary" }),
    "a container": extraContainer("proxy", "sidecar"),
    "a volume": (template) => ({ ...template, volumePrints: { data: 1 } }),
    "a field of the pod": (template) => ({ ...template, otherFields: { serviceAccountName: 1 } }),
  })) {
    it(`is another one if it differs by ${what}`, () => {
      expect(leftovers(change)).to.equal(undefined);
    });
  }

  it("is the same with what only the restored revision had, which is named", () => {
    expect(leftovers(extraVariable("REGION"))).to.deep.equal(["container app: env REGION"]);
  });

  it("has no leftovers where nobody knows what ran in between", () => {
    const present = changed(FAILED, extraVariable("REGION"));
    expect(leftoversIn(present, FAILED, undefined, SELECTING)).to.equal(undefined);
  });

  it("is another one if a Service selects by the label that differs, whatever its name is", () => {
    const present = changed(FAILED, labels({ ...FAILED.labels, "app.kubernetes.io/version": "2" }));
    const bySelector = new Set(["app.kubernetes.io/version"]);
    expect(leftoversIn(present, FAILED, RESTORED, bySelector)).to.equal(undefined);
    expect(leftoversIn(present, FAILED, RESTORED, SELECTING)).to.deep.equal([]);
  });

  it("cannot be known where not all of it is kept", () => {
    const env = Array.from({ length: 500 }, (_, index) => aVariable(`V${index}`));
    const long = changed(FAILED, appWith({ env }));
    expect(leftoversIn(long, long, RESTORED, SELECTING)).to.equal(undefined);
  });
});
