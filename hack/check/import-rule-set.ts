// Who may import whom. Each rule's comment tells what to do instead.
import type { IForbiddenRuleType } from "dependency-cruiser";

/** Tests, and the folders with what several tests share. */
export const FOR_TESTS = "\\.test\\.ts$|/testing/";

const SIMULATED_CLUSTER = "^hack/simulated-cluster/";

/** What a part of the operator may not import of the other parts. Tests keep the rules of the folder they are in. */
function only(folder: string, allowed: readonly string[], comment: string): IForbiddenRuleType {
  return {
    name: `${folder}-imports`,
    severity: "error",
    comment,
    from: { path: `^src/${folder}/` },
    to: { path: "^src/", pathNot: `^src/(${[folder, ...allowed].join("|")})(/|\\.ts$)` },
  };
}

/** Only these folders may import the package. */
function owner(
  name: string,
  packages: readonly string[],
  folders: string,
  comment: string,
): IForbiddenRuleType {
  return {
    name,
    severity: "error",
    comment,
    from: { path: "^src/", pathNot: `^src/(${folders})/` },
    to: { path: packages.map((name) => `(^|/)node_modules/${name}/`) },
  };
}

export const IMPORT_RULES: IForbiddenRuleType[] = [
  only(
    "api",
    [],
    "The API is what users see and depends on nothing of ours; move what it needs into src/api.",
  ),
  only(
    "domain",
    ["api"],
    "Decisions are pure: they get everything as arguments. Put what you need into the snapshot (src/domain/snapshot) and let src/kube fill it.",
  ),
  only(
    "reports",
    ["api", "domain"],
    "Reports are made of a snapshot and a decision. Let whoever shows them read the cluster, and pass it in.",
  ),
  only(
    "manifests",
    ["api", "domain"],
    "Static checks are pure and know no cluster: read files and objects in src/cli/commands/check and pass them in.",
  ),
  only(
    "kube",
    ["api", "domain", "release"],
    "The cluster side knows neither the controller nor telemetry. Take a callback, and let src/operator pass it in.",
  ),
  only(
    "telemetry",
    ["api", "domain"],
    "Telemetry is told what happened; it asks nobody. Give it a callback that reads the value.",
  ),
  only(
    "answers",
    ["api", "domain", "kube"],
    "Adapters answer one question each; what is asked is decided in src/domain/questions.",
  ),
  only(
    "controller",
    ["api", "domain", "kube", "answers", "telemetry"],
    "The controller takes its settings as arguments; src/operator reads them.",
  ),
  only(
    "operator",
    ["api", "domain", "reports", "manifests", "kube", "answers", "controller", "telemetry", "version"],
    "The operator runs without the plugin. Move what both need into a folder that both import.",
  ),
  only(
    "cli",
    ["api", "domain", "reports", "manifests", "kube", "answers", "version"],
    "The plugin is a client like kubectl: it shares the decision and src/kube with the operator, and nothing that runs there.",
  ),
  {
    name: "domain-is-pure",
    severity: "error",
    comment:
      "No clock, file, network or environment in decisions: pass the value as an argument, so that a test and a replay can pass another one.",
    from: { path: "^src/(api|domain|reports|manifests)/", pathNot: FOR_TESTS },
    to: { dependencyTypes: ["core"] },
  },
  owner(
    "kube-owns-the-client",
    ["@kubernetes/client-node"],
    "kube",
    "Only src/kube talks to the API server. Add what you need to its interface.",
  ),
  owner(
    "http-by-kube-and-answers",
    ["undici"],
    "kube|answers",
    "Only src/kube asks the API server, and only adapters in src/answers ask anybody else. Ask through them.",
  ),
  owner(
    "telemetry-owns-its-libraries",
    ["winston", "prom-client"],
    "telemetry",
    "Log through src/telemetry/logger.ts and count through src/telemetry/metrics.ts; a new metric is a row in metric-table.ts.",
  ),
  {
    name: "src-stands-alone",
    severity: "error",
    comment:
      "The operator, its tests included, needs nothing from hack or e2e. Move what both need into src, or the test to e2e.",
    from: { path: "^src/" },
    to: { path: "^(hack|e2e)/" },
  },
  {
    name: "hack-stands-below-e2e",
    severity: "error",
    comment:
      "The end-to-end tests import what hack makes, never the other way. Move what both need into hack, or the program to e2e.",
    from: { path: "^hack/" },
    to: { path: "^e2e/" },
  },
  {
    name: "simulated-cluster-by-its-face",
    severity: "error",
    comment:
      "Import @rolloutguard/simulated-cluster and what its package.json exports. Add to its exports what is missing there.",
    from: { pathNot: SIMULATED_CLUSTER },
    to: { path: SIMULATED_CLUSTER, dependencyTypesNot: ["aliased-workspace"] },
  },
  {
    name: "simulated-cluster-stands-alone",
    severity: "error",
    comment:
      "The simulated cluster is a package of its own and needs nothing of this project. Let whoever starts it pass it in.",
    from: { path: SIMULATED_CLUSTER },
    to: { path: "^(src|hack|e2e)/", pathNot: SIMULATED_CLUSTER },
  },
  {
    name: "simulated-cluster-names-its-packages",
    severity: "error",
    comment:
      "Where it is installed, nothing else is. Add the package to hack/simulated-cluster/package.json.",
    from: { path: SIMULATED_CLUSTER },
    to: { dependencyTypes: ["npm-no-pkg"] },
  },
  {
    name: "tests-are-leaves",
    severity: "error",
    comment:
      "Only tests import tests and what stands in a `testing` folder. Move what you need into a file of its own.",
    from: { path: "^(src|hack)/", pathNot: FOR_TESTS },
    to: { path: FOR_TESTS },
  },
  {
    name: "no-development-packages",
    severity: "error",
    comment:
      "Operator and simulated cluster are used without devDependencies. Move the package to dependencies, or do without.",
    from: { path: "^(src|hack/simulated-cluster)/", pathNot: FOR_TESTS },
    to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"] },
  },
  {
    name: "no-cycles",
    severity: "error",
    comment: "Files in a cycle cannot be understood one by one. Move what both need into a third file.",
    from: {},
    to: { circular: true },
  },
  {
    name: "imports-exist",
    severity: "error",
    comment: "The file or package is not there. Check the path, or add the package to package.json.",
    from: {},
    to: { couldNotResolve: true },
  },
];

/** Of neighbours, see folder-circles.ts. */
export const NO_FOLDER_CIRCLES = {
  name: "no-folder-circles",
  comment:
    "Neighbours import each other one way only, so that a folder can be read in an order. Move what both need into a file or folder of its own.",
};

/** Files that are in the wrong folder, whose imports do not count for circles of folders until they move. */
export const MISPLACED: readonly string[] = [
  // What is known of each revision gets a folder of its own, src/domain/history.
];
