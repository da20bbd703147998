// Mermaid blocks become pictures while the site is built, so that no script has to draw them in the reader's browser.
import { renderMermaidSVG } from "beautiful-mermaid";
import { type MarkdownNode, nodesOf } from "./markdown-node.ts";

/** Puts an SVG in the place of each mermaid block. Throws at a diagram that cannot be drawn, with its text. */
export function diagrams() {
  return (tree: MarkdownNode) => {
    for (const node of nodesOf(tree, "code")) {
      if (node.lang !== "mermaid") continue;
      node.type = "html";
      node.value = `<figure class="diagram">${drawn(node.value ?? "")}</figure>`;
    }
  };
}

/** The diagram in the colours of the page, which the style sheet sets for light and dark. */
export function drawn(diagram: string): string {
  const svg = renderMermaidSVG(diagram, {
    bg: "var(--diagram-background)",
    fg: "var(--diagram-text)",
    accent: "var(--diagram-accent)",
    transparent: true,
    padding: 12,
    nodeSpacing: 16,
  });
  // The renderer asks another host for its font, and an empty line would end the HTML block of Markdown.
  return svg
    .replace(/@import url\([^)]*\);/, "")
    .replace(/font-family: [^;]*;/, "font-family: inherit;")
    .replaceAll(/\n\s*\n/g, "\n");
}
