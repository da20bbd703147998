// What is in the site's sidebar, in this order. Every page stands here once: what nobody can navigate to is not found.

/** A group of the sidebar: pages one by one, by their path below docs, or all of a folder, its index.md first. */
export interface Section {
  readonly title: string;
  readonly pages: readonly (string | Folder)[];
}

/** All pages of a folder below docs, closed until somebody opens it. */
export interface Folder {
  readonly folder: string;
  readonly title: string;
}

/** The page that the site opens with; it leads to the sections. */
export const HOME = "index.md";

export const CONTENTS: readonly Section[] = [
  {
    title: "Getting started",
    pages: ["getting-started/index.md", "getting-started/first-incident.md", "getting-started/install.md"],
  },
  {
    title: "Concepts",
    pages: [
      "concepts/index.md",
      "concepts/guards.md",
      "concepts/rollouts.md",
      "concepts/checks-and-patience.md",
      "concepts/brakes.md",
      "concepts/good-revisions.md",
      "concepts/incidents.md",
      "how-it-decides.md",
    ],
  },
  {
    title: "How-to",
    pages: [
      "how-to/adopt-safely.md",
      "how-to/choose-settings.md",
      "how-to/metric-sources.md",
      "how-to/check-error-rates-and-answers.md",
      "how-to/http-checks.md",
      "how-to/wait-in-ci.md",
      "how-to/migrate-a-database.md",
      "how-to/several-teams.md",
      "how-to/upgrade-and-uninstall.md",
    ],
  },
  { title: "Troubleshooting", pages: ["troubleshooting/index.md"] },
  {
    title: "Reference",
    pages: [
      "reference/rolloutguard.md",
      "reference/incident.md",
      { folder: "reasons", title: "Reasons" },
      { folder: "causes", title: "Causes" },
      "reference/events.md",
      "reference/annotations.md",
      "command-line.md",
      { folder: "reference/commands", title: "Commands" },
      "reference/exit-codes.md",
      "lint-rules.md",
      "reference/settings.md",
      "reference/metrics.md",
      "reference/alerts.md",
      "reference/permissions.md",
    ],
  },
  { title: "Security", pages: ["security/index.md", "security/threat-model.md"] },
  { title: "Comparison", pages: ["comparison.md"] },
  {
    title: "Contributing",
    pages: [
      "contributing/index.md",
      "contributing/architecture.md",
      { folder: "adr", title: "Decisions" },
      "quality/real-cluster.md",
      "quality/chaos.md",
      "quality/performance.md",
      "quality/metric-checks.md",
    ],
  },
];
