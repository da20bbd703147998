// Does a pod ask for nodes that can exist?
import { nearest } from "../../domain/nearest.ts";
import type { Field } from "../field.ts";
import type { LintRule } from "../finding.ts";
import type { Workload } from "../workload.ts";

export const nodeSelector: LintRule = {
  id: "node-selector",
  severity: "warning",
  meaning: "A pod asks for a node label that no node has: it stays Pending",
  advice:
    "The values of kubernetes.io/os and kubernetes.io/arch are those of Go (linux, amd64, arm64), and labels of Kubernetes that are mistyped, or gone, match no node. Labels of your own are not judged.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const { key, values, field } of askedOf(workload)) {
        const said = strangeness(key, values);
        if (said === undefined) continue;
        const asked = values.length > 0 ? `${key}=${values.join(",")}` : key;
        yield {
          manifest: workload.manifest,
          field,
          message: `${workload.title} asks for nodes with ${asked}, which ${said.says}: its pods stay Pending.`,
          fix: said.fix,
        };
      }
    }
  },
};

interface Asked {
  readonly key: string;
  readonly values: readonly string[];
  readonly field: Field;
}

function askedOf({ template }: Workload): readonly Asked[] {
  const spec = template.at("spec");
  const spreads = spec
    .at("topologySpreadConstraints")
    .items()
    .filter((spread) => spread.at("whenUnsatisfiable").text === "DoNotSchedule");
  const near = spec.at("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution").items();
  const terms = spec
    .at("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
    .items();
  return [
    ...[...spreads, ...near]
      .map((one) => one.at("topologyKey"))
      .map((field) => ({ key: field.text ?? "", values: [], field })),
    ...spec
      .at("nodeSelector")
      .entries()
      .map(([key, field]) => ({ key, values: field.text === undefined ? [] : [field.text], field })),
    ...(terms.length === 1 ? terms : [])
      .flatMap((term) => term.at("matchExpressions").items())
      .filter((expression) => ["In", "Exists"].includes(expression.at("operator").text ?? ""))
      .map((expression) => ({
        key: expression.at("key").text ?? "",
        values: expression
          .at("values")
          .items()
          .map(({ text }) => text ?? ""),
        field: expression,
      })),
  ];
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/os": ["linux", "windows"],
  "kubernetes.io/arch": ["amd64", "arm64", "arm", "386", "ppc64le", "s390x", "riscv64", "loong64"],
};
/** What other tools call the same. */
const MEANT: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  x64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  armv7: "arm",
  armv7l: "arm",
  i386: "386",
  x86: "386",
};
const KEYS = [
  ...Object.keys(VALUES),
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "node.kubernetes.io/instance-type",
  "node-role.kubernetes.io/control-plane",
  "node-role.kubernetes.io/worker",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
];

interface Said {
  readonly says: string;
  readonly fix: string;
}

function strangeness(key: string, values: readonly string[]): Said | undefined {
  if (key === "node-role.kubernetes.io/master") {
    return { says: "is gone since Kubernetes 1.24", fix: "Write `node-role.kubernetes.io/control-plane`." };
  }
  const known = VALUES[key.replace(/^beta\./, "")];
  if (known !== undefined && values.length > 0 && !values.some((value) => known.includes(value))) {
    const value = (values[0] ?? "").toLowerCase();
    const meant = MEANT[value] ?? nearest(value, known) ?? known[0];
    return { says: "no node has", fix: `Write \`${key}: ${meant}\`.` };
  }
  const domain = key.split("/")[0] ?? "";
  const isMistyped = !KEYS.includes(key) && /kubernetes|k8s/i.test(domain) && !key.startsWith("node-role.");
  const meant = isMistyped ? nearest(key.toLowerCase(), KEYS) : undefined;
  // A label of one's own can be near one of Kubernetes'; two letters are a slip.
  return meant === undefined || Math.abs(meant.length - key.length) > 2 || !isSlip(key.toLowerCase(), meant)
    ? undefined
    : { says: "is no label that Kubernetes gives to nodes", fix: `Write \`${meant}\`.` };
}

function isSlip(key: string, meant: string): boolean {
  const [domain = "", name = ""] = key.split("/");
  const [meantDomain = "", meantName = ""] = meant.split("/");
  return (
    (domain === meantDomain && nearest(name, [meantName]) !== undefined && name[0] === meantName[0]) ||
    (name === meantName && nearest(domain, [meantDomain]) !== undefined)
  );
}
