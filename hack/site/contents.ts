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
  { title: "Getting started", pages: ["getting-started/install.md"] },
  { title: "Concepts", pages: ["how-it-decides.md"] },
  {
    title: "Reference",
    pages: [
      "reference/rolloutguard.md",
      "reference/incident.md",
      "command-line.md",
      "lint-rules.md",
      "reference/settings.md",
      "reference/metrics.md",
      "reference/permissions.md",
      { folder: "causes", title: "Causes" },
      { folder: "reasons", title: "Reasons" },
    ],
  },
  { title: "Security", pages: ["security/threat-model.md"] },
  {
    title: "Contributing",
    pages: [
      "contributing/architecture.md",
      { folder: "adr", title: "Decisions" },
      "quality/real-cluster.md",
      "quality/chaos.md",
      "quality/performance.md",
    ],
  },
];
