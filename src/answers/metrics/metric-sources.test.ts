import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ManualClock } from "../../kube/testing/manual-clock.ts";
import { MetricSources } from "./metric-sources.ts";

const fileWith = (...sources: readonly object[]) =>
  JSON.stringify({
    sources: sources.map((source) => ({ url: "http://127.0.0.1:1", namespaces: ["*"], ...source })),
  });

describe("MetricSources", () => {
  let folder: string;
  let file: string;
  const said: string[] = [];
  const clock = new ManualClock();
  let sources: MetricSources;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "metric-sources-"));
    file = join(folder, "sources.yaml");
    said.splice(0);
    sources = new MetricSources({
      file,
      clock,
      onQuery: (source, outcome) => said.push(`${source}: ${outcome}`),
      onLoad: (names) => said.push(`loaded ${names.join(" ")}`),
      onProblem: (why) => said.push(`problem ${why}`),
    });
  });
  afterEach(async () => {
    await sources.stop();
    rmSync(folder, { recursive: true });
  });

  const write = (text: string) => {
    writeFileSync(file, text);
    clock.advance(10_000);
  };
  const start = (text: string) => {
    writeFileSync(file, text);
    sources.start();
  };

  it("uses a new file within seconds, and says which sources it has", () => {
    start(fileWith({ name: "default" }));
    write(fileWith({ name: "default" }, { name: "thanos" }));
    clock.advance(60_000);
    expect(said).to.deep.equal(["loaded default", "loaded default thanos"]);
    expect(sources.sourceFor("shop", "thanos").config.name).to.equal("thanos");
  });

  it("keeps the sources when a new file cannot be used, and says so once", () => {
    start(fileWith({ name: "default" }));
    write("sources: [{}]");
    clock.advance(60_000);
    expect(said).to.have.length(2);
    expect(said[1]).to.match(/^problem sources\[0\]\.name/);
    expect(sources.isUpToDate).to.equal(false);
    expect(sources.sourceFor("shop", "default").config.name).to.equal("default");
    rmSync(file);
    clock.advance(10_000);
    expect(said[2]).to.contain("ENOENT");
    write(fileWith({ name: "default" }));
    expect(sources.isUpToDate).to.equal(true);
  });

  it("knows no source as long as there was no file that can be used, and blames no guard for it", () => {
    sources.start();
    expect(() => sources.sourceFor("shop", "default")).to.throw("cannot be used");
    write(fileWith({ name: "default" }));
    expect(sources.sourceFor("shop", "default").config.name).to.equal("default");
  });

  it("gives a source only to the namespaces that the file names", () => {
    start(fileWith({ name: "default", namespaces: ["shop"] }, { name: "team", namespaces: ["payments"] }));
    expect(sources.sourceFor("shop", "default").config.name).to.equal("default");
    expect(() => sources.sourceFor("shop", "team")).to.throw(
      "no metric source team for this namespace, only default;",
    );
    expect(() => sources.sourceFor("other", "team")).to.throw("no metric source team for this namespace;");
  });

  it("has no source without a file", () => {
    const none = new MetricSources({
      file: "",
      clock,
      onQuery: () => {},
      onLoad: () => {},
      onProblem: (why) => said.push(why),
    });
    none.start();
    expect(() => none.sourceFor("shop", "default")).to.throw("there is no metric source default");
    expect(said).to.deep.equal([]);
  });

  it("keeps what it knows of a source that has not changed, and forgets it with the source", () => {
    start(fileWith({ name: "default" }, { name: "thanos" }));
    const [before, other] = ["default", "thanos"].map((name) => sources.sourceFor("shop", name));
    write(fileWith({ name: "thanos", podLabel: "exported_pod" }, { name: "default" }));
    expect(sources.sourceFor("shop", "default")).to.equal(before);
    expect(sources.sourceFor("shop", "thanos")).to.not.equal(other);
  });

  it("counts how queries end", async () => {
    start(fileWith({ name: "default" }));
    const source = sources.sourceFor("shop", "default");
    for (let query = 0; query < 6; query += 1) {
      clock.advance(1_000);
      await source.ask({ query: "up", at: clock.now(), namespace: "shop" }).catch(() => {});
    }
    expect(said.slice(1)).to.deep.equal([
      ...Array<string>(5).fill("default: unreachable"),
      "default: notAsked",
    ]);
  });
});
