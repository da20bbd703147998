// What lint found as SARIF 2.1.0, the form that code review tools read.
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { LintFinding, Severity } from "../../../manifests/finding.ts";
import { ORDERED_RULES } from "../../../manifests/ordered-rules.ts";
import type { Place } from "../../../manifests/place.ts";
import { VERSION } from "../../../version.ts";
import type { LintReport } from "./lint-report.ts";
import { ruleLink } from "./rule-link.ts";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

export function sarifReport({ findings, problems }: LintReport): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: driver() },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ place, message }) => ({
              level: "error",
              message: { text: message },
              locations: [physical(place)],
            })),
          },
        ],
        results: findings.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function driver() {
  return {
    name: "RolloutGuard",
    version: VERSION,
    semanticVersion: VERSION,
    informationUri: ruleLink(),
    rules: ORDERED_RULES.map(({ id, severity, meaning, advice }) => ({
      id,
      shortDescription: { text: meaning },
      fullDescription: { text: advice },
      helpUri: ruleLink(id),
      defaultConfiguration: { level: LEVELS[severity] },
    })),
  };
}

function resultOf(finding: LintFinding) {
  const { rule, severity, kind, namespace, name, place, message, fix } = finding;
  const fullyQualifiedName = [namespace, kind, name].filter(Boolean).join("/");
  return {
    ruleId: rule,
    ruleIndex: ORDERED_RULES.findIndex(({ id }) => id === rule),
    level: LEVELS[severity],
    message: { text: `${message} ${fix}` },
    locations: [{ ...physical(place), logicalLocations: [{ name, kind, fullyQualifiedName }] }],
  };
}

/** Nothing for what stands in no file. */
function physical({ source, line, column }: Place) {
  if (line === undefined && !source.includes(".")) return {};
  const uri = isAbsolute(source)
    ? pathToFileURL(source).href
    : source.split(/[\\/]/).map(encodeURIComponent).join("/");
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1 } };
  return { physicalLocation: { artifactLocation: { uri }, ...region } };
}
