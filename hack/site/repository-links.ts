// Pages link to files beside docs: to tests, samples, manifests. On the site these are links into the repository.
import { dirname, join, normalize, relative } from "node:path";
import { DOCUMENTATION_BASE } from "../../src/api/causes.ts";
import { type MarkdownNode, nodesOf } from "./markdown-node.ts";

const REPOSITORY = DOCUMENTATION_BASE.replace(/\/docs$/, "");

/** Whether a relative link leads out of docs; wherever its page is, it climbs and then goes down into the repository. */
export function leavesDocs(url: string): boolean {
  return /^(\.\.\/)+(?:(charts|config|crds|e2e|hack|src)(\/|$)|(CHANGELOG|CONTRIBUTING|README)\.md)/.test(
    url,
  );
}

/** Makes links out of docs absolute. That the file is there is for the check of links in `npm run generate` to say. */
export function repositoryLinks(root: string) {
  return () => (tree: MarkdownNode, file: { readonly path: string }) => {
    for (const node of nodesOf(tree, "link")) {
      if (node.url !== undefined && leavesDocs(node.url)) {
        const target = normalize(join(dirname(relative(root, file.path)), node.url));
        node.url = `${REPOSITORY}/${target.replace(/\/$/, "")}`;
      }
    }
  };
}
