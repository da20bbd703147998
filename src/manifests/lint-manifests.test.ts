import { expect } from "chai";
import { isConcerned } from "./concerned.ts";
import { lintManifests } from "./lint-manifests.ts";
import { parseManifests } from "./parse-manifests.ts";
import { deploymentText, documents, findingsIn, serviceText } from "./testing/lint-text.ts";

const ids = (text: string, request = {}) => findingsIn(text, undefined, request).map(({ rule }) => rule);

describe("linting manifests", () => {
  it("leaves out what an annotation of the object or the request says", () => {
    expect(ids(deploymentText({ container: ["image: a"] })))
      .to.include("image-tag")
      .and.to.include("root-user");
    const ignoring = (which: string) =>
      deploymentText({
        container: ["image: a"],
        metadata: [`annotations: {rolloutguard.io/ignore: "${which}"}`],
      });
    expect(ids(ignoring("image-tag, root-user")))
      .to.not.include("image-tag")
      .and.to.not.include("root-user");
    expect(ids(ignoring("image-tag"))).to.include("root-user");
    expect(ids(ignoring("all"))).to.deep.equal([]);
    expect(ids(deploymentText({ container: ["image: a"] }), { ignore: ["image-tag"] })).to.not.include(
      "image-tag",
    );
  });

  it("counts what annotations have left out", () => {
    const text = deploymentText({
      container: ["image: a"],
      metadata: ["annotations: {rolloutguard.io/ignore: image-tag}"],
    });
    expect(lintManifests(parseManifests(text, "a").manifests).suppressed).to.equal(1);
  });

  it("keeps folders apart that repeat the same objects", () => {
    const parse = (text: string, file: string) => parseManifests(text, file).manifests;
    const good = documents(deploymentText(), serviceText("{app: web}", "[{port: 80}]"));
    const bad = documents(
      deploymentText({ labels: "{app: wbe}" }),
      serviceText("{app: web}", "[{port: 80}]"),
    );
    const lint = (...manifests: ReturnType<typeof parse>) =>
      lintManifests(manifests)
        .findings.filter(({ severity }) => severity === "error")
        .map(({ place }) => place.source);
    expect(lint(...parse(good, "staging/a.yaml"), ...parse(bad, "production/a.yaml"))).to.deep.equal([
      "production/a.yaml",
    ]);
    // One application in two folders: the objects belong together.
    expect(
      lint(
        ...parse(deploymentText(), "apps/a.yaml"),
        ...parse(serviceText("{app: web}", "[{port: 80}]"), "net/b.yaml"),
      ),
    ).to.deep.equal([]);
  });

  it("tells nothing that would steer a terminal, and no endless names", () => {
    const text = documents(
      deploymentText({
        name: '"w\\e[31m\\n\\u202eeb"',
        labels: "{app: web}",
        container: [`image: ${"a".repeat(9_000)}`],
      }),
      serviceText('{app: web, "t\\u0007": "x\\r\\n"}', "[{port: 80}]"),
    );
    const reported = findingsIn(text).flatMap(({ name, message, fix }) => [name, message, fix]);
    expect(reported.length).to.be.above(6);
    for (const one of reported) {
      expect(one).to.match(/^[^\p{Cc}\p{Bidi_Control}]+$/u);
      expect(one.length).to.be.at.most(2_000);
    }
  });

  it("tells findings by place, the worst first", () => {
    const places = findingsIn(documents(deploymentText(), serviceText("{app: wbe}", "[{port: 80}]"))).map(
      ({ place }) => place.line ?? 0,
    );
    expect(places).to.deep.equal([...places].sort((a, b) => a - b));
  });
});

describe("the findings that concern one Deployment", () => {
  it("are its own, and those of the Service that serves it or means to", () => {
    const text = documents(
      deploymentText({ container: ["image: a"] }),
      deploymentText({ name: "other", container: ["image: a"] }),
      serviceText("{app: wbe}", "[{port: 80}]"),
      serviceText("{app: other}", "[{port: 80}]", "other"),
    );
    const { manifests } = parseManifests(text, "x");
    const concerned = lintManifests(manifests).findings.filter(isConcerned("web", manifests));
    expect(new Set(concerned.map(({ kind, name }) => `${kind}/${name}`))).to.deep.equal(
      new Set(["Deployment/web", "Service/web"]),
    );
  });
});
