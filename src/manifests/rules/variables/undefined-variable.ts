// Do arguments and scripts use variables that the container is given?
import type { Field } from "../../field.ts";
import type { LintRule, Problem, Severity } from "../../finding.ts";
import { givenTo } from "../../given-variables.ts";
import type { Inventory } from "../../inventory.ts";
import { scriptsOf } from "../../shell-scripts.ts";
import { slipOf } from "../../slip.ts";
import type { Container, Workload } from "../../workload.ts";

export const undefinedVariable: LintRule = {
  id: "undefined-variable",
  severity: "warning",
  meaning: "An argument, a variable or a script uses a variable that the container is not given",
  advice:
    "Kubernetes leaves $(NAME) as it stands when there is no variable NAME, and a shell reads an empty text. It is a warning where the script tests the variable, where a setting of a connection is meant, and where a name is nearly that of a variable which is given; otherwise it is information, because the image can set it. Where a ConfigMap or Secret that is taken whole is not here, only near names are reported.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of workload.containers) yield* judge(container, workload, inventory);
    }
  },
};

interface Use {
  readonly name: string;
  readonly field: Field;
  /** As it is written. */
  readonly written: string;
  readonly severity: Severity;
}

function* judge(container: Container, workload: Workload, inventory: Inventory): Iterable<Problem> {
  const { names, isPossiblyMore } = givenTo(container, workload, inventory);
  const seen = new Set<string>();
  for (const { name, field, written, severity } of usesIn(container, workload, inventory)) {
    if (names.has(name) || isAlwaysGiven(name) || seen.has(name)) continue;
    seen.add(name);
    const slip = slipOf(name, [...names]);
    if (isPossiblyMore && slip === undefined) continue;
    yield {
      manifest: workload.manifest,
      field,
      severity: slip === undefined ? severity : "warning",
      message: `Container ${container.name} of ${workload.title} uses ${written}, and is given no variable ${name}.`,
      fix:
        slip === undefined
          ? `Write \`- name: ${name}\` with its value or source into env.`
          : `Write ${slip}, if that is meant.`,
    };
  }
}

function usesIn(container: Container, workload: Workload, inventory: Inventory): readonly Use[] {
  const scripts = scriptsOf(container, workload, inventory);
  const isScript = (field: Field) => scripts.some((script) => script.field.path.join() === field.path.join());
  const { field } = container;
  const texts = [
    ...field.at("command").items(),
    ...field.at("args").items(),
    ...field
      .at("env")
      .items()
      .map((variable) => variable.at("value")),
  ];
  return [
    ...texts.flatMap((text) => references(text, isScript(text))),
    ...scripts.flatMap((script) => shellUses(script.text, script.field)),
  ];
}

/** $(NAME); $$(NAME) is meant as it stands, and in a script $(date) is a command. */
function references(field: Field, isScript: boolean): readonly Use[] {
  const names = isScript
    ? /(?<!\$)\$\(([A-Z][A-Z0-9]*_[A-Z0-9_]+)\)/g
    : /(?<!\$)\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g;
  return [...(field.text ?? "").matchAll(names)].map(([written, name = ""]) => ({
    name,
    field,
    written,
    severity: "warning",
  }));
}

/** Names of settings without which nothing connects; images do not set them. */
const CONNECTION =
  /(^|_)(URL|URI|DSN|HOST|HOSTNAME|PORT|USER|USERNAME|PASSWORD|TOKEN|SECRET|ADDR|ADDRESS|ENDPOINT|DATABASE|DB)$|^DB_/;

function shellUses(text: string, field: Field): readonly Use[] {
  const uses = [
    ...text.matchAll(/(?<![\\$])\$(?:([A-Z][A-Z0-9_]+)|\{([A-Z][A-Z0-9_]+)(:?[?])?[^}:?+=-]*\})/g),
  ];
  return uses
    .map(([written, plain, braced, demand]) => ({ written, name: plain ?? braced ?? "", demand }))
    .filter(({ name }) => !isSetIn(text, name))
    .map(({ written, name, demand }) => {
      const isTested =
        demand !== undefined || new RegExp(`(-[nz]\\s+"?\\$\\{?${name}\\b)|set -[a-z]*u`).test(text);
      return { name, field, written, severity: isTested || CONNECTION.test(name) ? "warning" : "info" };
    });
}

/** The script gives it a value, or a default. */
function isSetIn(text: string, name: string): boolean {
  return new RegExp(
    `(^|[\\s;&|(])(export\\s+|local\\s+|readonly\\s+|declare\\s+(-\\w+\\s+)?)?${name}=|\\bread\\b[^;\\n]*\\b${name}\\b|\\bfor\\s+${name}\\s+in\\b|\\$\\{${name}:?[-=+]`,
  ).test(text);
}

/** What shells and Kubernetes give to every container. */
const ALWAYS =
  /^(HOME|PATH|HOSTNAME|PWD|OLDPWD|USER|SHELL|SHLVL|RANDOM|SECONDS|IFS|TERM|LANG|PPID|UID|EUID|GID|LINENO|OPTARG|OPTIND|REPLY|TMPDIR|TZ|BASH\w*|PIPESTATUS|FUNCNAME|KUBERNETES_\w+|\w+_SERVICE_(HOST|PORT\w*)|\w+_PORT_\d+_\w+)$/;

function isAlwaysGiven(name: string): boolean {
  return ALWAYS.test(name);
}
