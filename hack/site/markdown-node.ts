// Of remark's tree as much as the site's own steps read and change.

export interface MarkdownNode {
  type: string;
  url?: string;
  lang?: string | null;
  value?: string;
  readonly children?: readonly MarkdownNode[];
}

/** All nodes of that type, from the top of the page to its end. */
export function nodesOf(tree: MarkdownNode, type: string): readonly MarkdownNode[] {
  const below = (tree.children ?? []).flatMap((child) => nodesOf(child, type));
  return tree.type === type ? [tree, ...below] : below;
}
