// The configuration of the site that docs becomes.
import { join } from "node:path";
import type { UserConfig } from "@rspress/core";
import { DOCUMENTATION_BASE } from "../../src/api/causes.ts";
import { diagrams } from "./diagrams.ts";
import { leavesDocs, repositoryLinks } from "./repository-links.ts";
import { sidebar } from "./sidebar.ts";

const ROOT = join(import.meta.dirname, "../..");

export const DOCS = join(ROOT, "docs");
/** Where the site is built; npm's dist, which git ignores. */
export const BUILT = join(ROOT, "dist/docs");

/** Nothing in it comes from another host: search runs in the browser, fonts are the reader's own. */
export function site(): UserConfig {
  return {
    root: DOCS,
    outDir: BUILT,
    title: "RolloutGuard",
    description: "A Kubernetes operator that rolls back failing rollouts, and explains why",
    globalStyles: join(import.meta.dirname, "styles.css"),
    icon: "/icon.svg",
    search: { mode: "local" },
    markdown: {
      remarkPlugins: [repositoryLinks(ROOT), diagrams],
      link: { checkDeadLinks: { excludes: leavesDocs } },
    },
    themeConfig: {
      nav: [
        { text: "Getting started", link: "/getting-started/", activeMatch: "/getting-started/" },
        { text: "Concepts", link: "/concepts/", activeMatch: "/concepts/|/how-it-decides" },
        { text: "How-to", link: "/how-to/adopt-safely", activeMatch: "/how-to/" },
        { text: "Troubleshooting", link: "/troubleshooting/", activeMatch: "/troubleshooting/" },
        { text: "Reference", link: "/reference/rolloutguard", activeMatch: "/reference/|/causes/|/reasons/" },
      ],
      sidebar: { "/": sidebar(DOCS) },
      socialLinks: [{ icon: "github", mode: "link", content: repository() }],
      editLink: { docRepoBaseUrl: DOCUMENTATION_BASE.replace("/blob/", "/edit/") },
    },
  };
}

function repository(): string {
  return DOCUMENTATION_BASE.slice(0, DOCUMENTATION_BASE.indexOf("/blob/"));
}
