// What kube-state-metrics is told to read must be there: every path in the CRDs, every phase in its list.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import type { buildCrd } from "./crds.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => parse(readFileSync(join(ROOT, path), "utf8"));

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly each: {
    readonly type: "StateSet" | "Gauge" | "Info";
    readonly stateSet?: { readonly path: readonly string[]; readonly list: readonly string[] };
    readonly gauge?: {
      readonly path: readonly string[];
      readonly valueFrom: readonly string[];
      readonly labelsFromPath?: Labels;
    };
    readonly info?: { readonly labelsFromPath: Labels };
  };
}
type Labels = Readonly<Record<string, readonly string[]>>;
interface Resource {
  readonly groupVersionKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly labelsFromPath: Labels;
  readonly metrics: readonly Metric[];
}

const CONFIGURATION: { readonly spec: { readonly resources: readonly Resource[] } } = read(
  "config/kube-state-metrics/custom-resource-state.yaml",
);

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
}

function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>((node, field) => (node?.items ?? node)?.properties?.[field], schema);
}

for (const { groupVersionKind, labelsFromPath, metrics } of CONFIGURATION.spec.resources) {
  const { group, version, kind } = groupVersionKind;
  describe(`the metrics of kube-state-metrics about ${kind}`, () => {
    const crd: ReturnType<typeof buildCrd> = read(`crds/rolloutguard.io_${kind.toLowerCase()}s.yaml`);
    const schema = crd.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema as Schema;
    const isThere = (path: readonly string[]) =>
      (path[0] === "metadata" && path.length === 2) || schemaAt(schema, path) !== undefined;

    it("are of a kind that there is", () => {
      expect([crd.spec.group, crd.spec.names.kind]).to.deep.equal([group, kind]);
      expect(schema).not.to.equal(undefined);
    });

    it("read fields that there are", () => {
      const missing = metrics.flatMap(({ each: { stateSet, gauge, info } }) => {
        const ofGauge = gauge
          ? [gauge.valueFrom, ...Object.values(gauge.labelsFromPath ?? {})].map((path) => [
              ...gauge.path,
              ...path,
            ])
          : [];
        const paths = [
          ...(stateSet ? [stateSet.path] : []),
          ...ofGauge,
          ...Object.values(info?.labelsFromPath ?? {}),
        ];
        return paths.filter((path) => !isThere(path));
      });
      expect([...missing, ...Object.values(labelsFromPath).filter((path) => !isThere(path))]).to.deep.equal(
        [],
      );
    });

    it("list every phase", () => {
      for (const { name, each } of metrics) {
        if (each.stateSet === undefined) continue;
        expect(each.stateSet.list, name).to.deep.equal(schemaAt(schema, each.stateSet.path)?.enum);
      }
    });
  });
}
