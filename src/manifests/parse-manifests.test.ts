import { expect } from "chai";
import { parseManifests } from "./parse-manifests.ts";
import type { FieldPath } from "./place.ts";

const read = (text: string) => parseManifests(text, "a.yaml");

describe("reading manifests", () => {
  it("reads several documents, and unpacks lists", () => {
    const { manifests } = read(`apiVersion: v1
kind: Service
metadata: {name: a}
---
# nothing
---
apiVersion: v1
kind: List
items:
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: b, namespace: shop}}
  - {apiVersion: v1, kind: ConfigMapList, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}]}
`);
    expect(manifests.map(({ group, kind, name, namespace }) => [group, kind, name, namespace])).to.deep.equal(
      [
        ["", "Service", "a", ""],
        ["apps", "Deployment", "b", "shop"],
        ["", "ConfigMap", "c", ""],
      ],
    );
  });

  it("reads JSON, also over several lines and with tabs", () => {
    const { manifests, problems } = read(
      '{\n\t"apiVersion": "v1",\n\t"kind": "Service",\n\t"metadata": {"name": "a"}\n}',
    );
    expect(problems).to.deep.equal([]);
    expect(manifests.map(({ name }) => name)).to.deep.equal(["a"]);
  });

  it("knows line and column of every field, in later documents too; of a missing one those of what is around it", () => {
    const { manifests } = read(`apiVersion: v1
kind: A
metadata: {name: a}
---
apiVersion: v1
kind: B
metadata:
  name: b
spec:
  list:
    - x: 1
    - y: {z: 2}
`);
    const at = (...path: FieldPath) => {
      const place = manifests[1]?.root.at(...path).place;
      return [place?.line, place?.column];
    };
    expect(at()).to.deep.equal([5, 1]);
    expect(at("metadata", "name")).to.deep.equal([8, 3]);
    expect(at("spec", "list", 1)).to.deep.equal([12, 7]);
    expect(at("spec", "list", 1, "y", "z")).to.deep.equal([12, 11]);
    expect(at("spec", "list", 1, "q", "r")).to.deep.equal([12, 7]);
    expect(at("spec", "list", 9)).to.deep.equal([10, 3]);
  });

  it("finds its way through anchors and merge keys", () => {
    const { manifests } = read(`apiVersion: v1
kind: A
metadata: {name: a}
x: &x {deep: {down: 1}}
y: *x
z:
  <<: *x
`);
    const [manifest] = manifests;
    expect(manifest?.root.at("z", "deep", "down").number).to.equal(1);
    expect(manifest?.root.at("y", "deep").place.line).to.equal(4);
    expect(manifest?.root.at("z", "deep").place.line).to.equal(6);
  });

  it("finds many places in one document at once, as it finds each alone", () => {
    const { manifests } = read("apiVersion: v1\nkind: A\nmetadata: {name: a}\nlist: [&x {a: 1}, *x, 'b']\n");
    const root = manifests[0]?.root;
    const paths: readonly FieldPath[] = [
      ["list", 2],
      ["list", 1, "a"],
      [],
      ["list", 5],
      ["metadata", "name"],
    ];
    const together = root?.origin.placesOf(paths);
    expect(together?.map(({ line, column }) => [line, column])).to.deep.equal([
      [4, 23],
      [4, 12],
      [1, 1],
      [4, 1],
      [3, 12],
    ]);
    expect(paths.map((path) => root?.at(...path).place)).to.deep.equal(together);
  });

  it("takes scalars for what kubectl takes them for", () => {
    const values = {
      y: true,
      Off: false,
      "0755": 493,
      "0o17": 15,
      "0x1F": 31,
      "-012": -10,
      "1_000": 1000,
      "0b11": 3,
      "08": 8,
      "1e3": 1000,
      "~": null,
      "12:30": "12:30",
      "2026-01-02": "2026-01-02",
      "!Ref web": "web",
      "!!str 8080": "8080",
      "'no'": "no",
    };
    for (const [written, value] of Object.entries(values)) {
      const { manifests } = read(`apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: ${written}\n`);
      expect(manifests[0]?.root.at("x").value, written).to.equal(value);
    }
  });

  it("knows documents by their markers, and directives as a part of the one behind them", () => {
    const { manifests, problems } = read(
      "%YAML 1.2\n# first\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\ntext: |\n  ---\n  b\n...\n# rest\n--- {apiVersion: v1, kind: B, metadata: {name: b}}\n---\n",
    );
    expect(problems).to.deep.equal([]);
    expect(manifests.map(({ name, root }) => [name, root.place.line])).to.deep.equal([
      ["a", 4],
      ["b", 12],
    ]);
  });

  it("says where broken YAML is broken, and reads the documents around it", () => {
    const { manifests, problems } = read(
      "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\nb: [1, 2\nc: 3\n---\napiVersion: v1\nkind: C\nmetadata: {name: c}\n",
    );
    expect(manifests.map(({ name }) => name)).to.deep.equal(["a", "c"]);
    expect(problems).to.have.length(1);
    expect(problems[0]?.place).to.include({ source: "a.yaml", line: 6 });
    expect(problems[0]?.message)
      .to.match(/^no valid YAML: \S/)
      .and.to.not.include("\n");
  });

  it("says that a template is one", () => {
    expect(read("a: {{ .Values.b }}\n  c").problems[0]?.message).to.include("helm template");
  });

  it("does not unfold what grows without end", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [name, of] of ["ba", "cb", "dc", "ed", "fe", "gf"].map((pair) => pair.split(""))) {
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(", ")}]`);
    }
    expect(read(bomb.join("\n")).problems[0]?.message).to.include("cannot be read as YAML");
    expect(read("a: &a [*a]").problems[0]?.message).to.include("cannot be read as YAML");
  });

  it("counts what is no Kubernetes object, and takes no Service of another group for one", () => {
    expect(read("replicas: 3\n---\n- a\n---\ntext").others).to.equal(3);
  });
});
