// What the lint of a namespace reads: workloads, Services and policies whole, of ConfigMaps and Secrets the keys only.
import type { ApiClient } from "./connection/api-client.ts";
import { ApiError, isNotFound } from "./connection/api-error.ts";
import { asList, asObject, asText, isObject, type RawObject } from "./objects.ts";

export interface LintObjects {
  readonly objects: readonly RawObject[];
  /** Plurals of what the user is not allowed to read. */
  readonly leftOut: readonly string[];
}

interface LintKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** Without it there is nothing to lint. */
  readonly isNeeded?: boolean;
}

const KINDS: readonly LintKind[] = [
  { apiVersion: "apps/v1", kind: "Deployment", plural: "deployments", isNeeded: true },
  { apiVersion: "apps/v1", kind: "StatefulSet", plural: "statefulsets" },
  { apiVersion: "apps/v1", kind: "DaemonSet", plural: "daemonsets" },
  { apiVersion: "v1", kind: "Service", plural: "services", isNeeded: true },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", plural: "networkpolicies" },
  { apiVersion: "v1", kind: "LimitRange", plural: "limitranges" },
];

/** Objects a page. */
const PAGE = 500;

/** Rejects with ApiError or ConnectionError when Deployments or Services cannot be read. */
export async function readLintObjects(client: ApiClient, namespace: string): Promise<LintObjects> {
  const objects: RawObject[] = [];
  const leftOut: string[] = [];
  for (const each of KINDS) {
    try {
      objects.push(...(await readAll(client, namespace, each)));
    } catch (error) {
      if (each.isNeeded) throw error;
      if (isForbidden(error)) leftOut.push(each.plural);
      // A cluster that does not serve a kind has none of it.
      else if (!isNotFound(error)) throw error;
    }
  }
  return { objects, leftOut };
}

async function readAll(client: ApiClient, namespace: string, { apiVersion, kind, plural }: LintKind) {
  const objects: RawObject[] = [];
  let token: string | undefined;
  do {
    const query = { limit: PAGE, ...(token && { continue: token }) };
    const list = await client.get(pathOf(apiVersion, namespace, plural), query);
    objects.push(
      ...asList(list.items)
        .filter(isObject)
        .map((item) => ({ ...item, apiVersion, kind })),
    );
    token = asText(asObject(list.metadata).continue);
  } while (token);
  return objects;
}

export interface LintConfigurations extends LintObjects {
  /** Kinds of which every wanted object was looked for. */
  readonly readKinds: readonly string[];
}

/** Reads those that are named, one by one, and keeps their names and keys: no value stays in memory. */
export async function readConfigurations(
  client: ApiClient,
  namespace: string,
  wanted: Readonly<Record<"ConfigMap" | "Secret", readonly string[]>>,
): Promise<LintConfigurations> {
  const objects: RawObject[] = [];
  const leftOut: string[] = [];
  const readKinds: string[] = [];
  for (const [kind, plural] of [
    ["ConfigMap", "configmaps"],
    ["Secret", "secrets"],
  ] as const) {
    try {
      for (const name of wanted[kind]) {
        const path = `${pathOf("v1", namespace, plural)}/${encodeURIComponent(name)}`;
        const found = await client.get(path).catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
        if (found) objects.push(keysOnly(found, kind));
      }
      readKinds.push(kind);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      leftOut.push(plural);
    }
  }
  return { objects, leftOut, readKinds };
}

function keysOnly(object: RawObject, kind: string): RawObject {
  const { name, namespace } = asObject(object.metadata);
  const keys = [object.data, object.binaryData].flatMap((part) => Object.keys(asObject(part)));
  const data = Object.fromEntries(keys.map((key) => [key, null]));
  return { apiVersion: "v1", kind, metadata: { name, namespace }, data };
}

function pathOf(apiVersion: string, namespace: string, plural: string): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403;
}
