import { expect } from "chai";
import fc from "fast-check";
import { propertyRuns } from "../../../domain/testing/property-runs.ts";
import { metricTypes, type Sample, samplesOf } from "./exposition.ts";

const RUNS = propertyRuns(60);

const read = (text: string, ...metrics: readonly string[]) => samplesOf(text, new Set(metrics));
const valuesIn = (text: string) => read(text, "a").map(({ value }) => value);

describe("samplesOf", () => {
  it("reads what applications write", () => {
    const text = [
      "# HELP http_requests_total The total.",
      "# TYPE http_requests_total counter",
      'http_requests_total{method="post",code="200"} 1027 1395066363000',
      'http_requests_total{method="post",code="400",}    3',
      "",
      "# a comment",
      'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find:\\n\\"FILE.TXT\\""} 1.458255915e9',
      "metric_without_labels 12.47",
      'spaced{ a = "1" , b = "2" } 7 # {trace_id="x"} 0.5',
    ].join("\n");
    expect(read(text, "http_requests_total", "spaced")).to.deep.equal([
      { metric: "http_requests_total", labels: { method: "post", code: "200" }, value: 1027 },
      { metric: "http_requests_total", labels: { method: "post", code: "400" }, value: 3 },
      { metric: "spaced", labels: { a: "1", b: "2" }, value: 7 },
    ]);
    expect(read(text, "msdos_file_access_time_seconds")[0]?.labels).to.deep.equal({
      path: "C:\\DIR\\FILE.TXT",
      error: 'Cannot find:\n"FILE.TXT"',
    });
    expect(read(text, "metric_without_labels")[0]).to.include({ value: 12.47 });
  });

  it("reads all forms of numbers", () => {
    const text = "a 1\na +1.5\na -2\na 1e3\na .5\na 5.\na +Inf\na -Inf\na NaN\na inf\r\n";
    expect(valuesIn(text)).to.deep.equal([
      1,
      1.5,
      -2,
      1000,
      0.5,
      5,
      Infinity,
      -Infinity,
      Number.NaN,
      Infinity,
    ]);
  });

  it("skips lines that are not valid, and no others", () => {
    const broken = [
      "a",
      "a ",
      "a x",
      "a 0x10",
      'a{b="1" 2',
      'a{b="1"c="2"} 3',
      "a{b=1} 4",
      'a{"b"} 5',
      "a{ 6",
      'a{b="\\"} 7',
      "a\u00a08",
    ];
    expect(valuesIn(["a 100", ...broken, "a 200"].join("\n"))).to.deep.equal([100, 200]);
  });

  it("takes no other metric whose name begins alike", () => {
    expect(read("a_bucket 1\nab 2\na:b 3\na 4", "a")).to.have.length(1);
  });

  it("takes labels for what they are, whatever they are called", () => {
    const [sample] = read('a{__proto__="x",constructor="y"} 1', "a");
    expect(Object.entries(sample?.labels ?? {})).to.deep.equal([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
    expect(Object.getPrototypeOf({})).to.equal(Object.prototype);
  });

  it("gives back what was written, whatever the labels contain", () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/);
    const labels = fc.dictionary(name, fc.string({ unit: "grapheme", maxLength: 8 }), {
      noNullPrototype: true,
    });
    const sample = fc.record({ labels, value: fc.double({ noNaN: true }) });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 5 }), (samples) => {
        const text = samples
          .map(({ labels, value }) => `a${written(labels)} ${numberText(value)}`)
          .join("\n");
        const plain = (all: readonly Pick<Sample, "labels" | "value">[]) =>
          all.map(({ labels, value }) => ({ labels: Object.entries(labels), value: value + 0 }));
        expect(plain(read(text, "a"))).to.deep.equal(plain(samples));
      }),
      RUNS,
    );
  });

  it("survives any text, and says nothing of metrics that nobody asked for", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom(
        "a",
        "{",
        "}",
        '"',
        "\\",
        "=",
        ",",
        " ",
        "\n",
        "1",
        "NaN",
        "# TYPE a counter\n",
        'a{b="c"} 1\n',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const { metric, value } of read(pieces.join(""), "a")) {
          expect(metric).to.equal("a");
          expect(value).to.be.a("number");
        }
      }),
      RUNS,
    );
  });
});

describe("metricTypes", () => {
  it("are those that the application declares", () => {
    const text = "# HELP a help\n# TYPE a counter\na 1\n# TYPE b histogram\r\n# TYPE broken\n#TYPE c gauge\n";
    expect([...metricTypes(text)]).to.deep.equal([
      ["a", "counter"],
      ["b", "histogram"],
    ]);
  });
});

function written(labels: Readonly<Record<string, string>>): string {
  const escaped = (value: string) =>
    value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

function numberText(value: number): string {
  return String(value).replace("Infinity", "Inf");
}
