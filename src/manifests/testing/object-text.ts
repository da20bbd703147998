// Objects beside workloads, as YAML in one line each.

/** An object of any kind; `spec` is YAML in one line, and `more` further lines. */
export function objectText(
  apiVersion: string,
  kind: string,
  name: string,
  spec = "{}",
  ...more: readonly string[]
): string {
  return [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    `metadata: {name: ${name}}`,
    `spec: ${spec}`,
    ...more,
  ].join("\n");
}
