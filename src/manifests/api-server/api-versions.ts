// API versions that are gone, and kinds of another group.
import { nearest } from "../../domain/nearest.ts";
import type { Manifest } from "../manifest.ts";
import type { Refusal } from "./refusal.ts";
import type { Schemas } from "./schemas.ts";

/** Groups that Kubernetes had and has no more. */
const FORMER_GROUPS = ["extensions"];

/** Undefined when the version is served, or the kind is none of Kubernetes' own. */
export function apiVersionRefusal({ group, kind, root }: Manifest, schemas: Schemas): Refusal | undefined {
  const field = root.at("apiVersion");
  const apiVersion = field.text ?? "";
  const version = apiVersion.split("/").at(-1) ?? "";
  const { kinds } = schemas;
  if (kinds.includes(`${group}/${version}/${kind}`)) return undefined;
  const groups = new Set([...kinds.map((one) => one.split("/")[0]), ...FORMER_GROUPS]);
  if (!groups.has(group) || version.includes("alpha")) return undefined;
  const served = kinds.filter((one) => one.endsWith(`/${kind}`)).map(apiVersionOf);
  const says = `no matches for kind "${kind}" in version "${apiVersion}"`;
  if (served.length > 0) {
    return {
      field,
      says,
      fix: `Write \`apiVersion: ${served.find((one) => !/alpha|beta/.test(one)) ?? served[0]}\`.`,
    };
  }
  const slip = slipOf(kind, kinds);
  if (slip !== undefined) return { field: root.at("kind"), says, fix: `Write \`kind: ${slip}\`.` };
  // Kinds that Kubernetes has removed; other programs use the core group for files of their own.
  return group === ""
    ? undefined
    : { field, says, fix: "Take it out: this version of Kubernetes does not have it." };
}

/** Short kinds are near to one another by nature. */
function slipOf(kind: string, kinds: readonly string[]): string | undefined {
  const names = kinds
    .map((one) => one.split("/").at(-1) ?? "")
    .filter((name) => Math.abs(name.length - kind.length) <= 2);
  return kind.length < 6
    ? undefined
    : nearest(
        kind,
        names.filter((name) => name.slice(0, 2) === kind.slice(0, 2)),
      );
}

function apiVersionOf(kind: string): string {
  const [group, version] = kind.split("/");
  return group ? `${group}/${version}` : (version ?? "");
}
