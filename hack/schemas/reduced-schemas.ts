// Reduces Kubernetes' OpenAPI definitions to what validation needs, for the kinds that people write.

export type Definitions = Readonly<Record<string, Definition>>;

interface Definition {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly required?: readonly string[];
  readonly properties?: Definitions;
  readonly items?: Definition;
  readonly additionalProperties?: Definition;
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

export interface ReducedSchemas {
  /** The newest first. */
  readonly versions: readonly VersionSchemas[];
}

export interface VersionSchemas {
  readonly version: string;
  /** "group/version/kind" of all that is served, with the name of its definition where there is one. */
  readonly kinds: Readonly<Record<string, string>>;
  /** Of older versions only those that differ from the newest one. */
  readonly definitions: Readonly<Record<string, unknown>>;
}

const GROUPS =
  /^(|apps|batch|autoscaling|policy|networking\.k8s\.io|rbac\.authorization\.k8s\.io|storage\.k8s\.io|scheduling\.k8s\.io)$/;
/** Nobody writes these: the cluster does. */
const NOT_WRITTEN =
  /(^API\w+|List|Options|Review|Binding|Status|Event|Scale|Eviction|TokenRequest|ComponentStatus|Node|ControllerRevision|VolumeAttachment|CSI\w+|Endpoints|IPAddress|ServiceCIDR|PodTemplate|VolumeAttributesClass)$/;
const WRITTEN_BINDINGS = /^(Cluster)?RoleBinding$/;

/** From the definitions of each version, the newest first. */
export function reducedSchemas(
  documents: readonly { readonly version: string; readonly definitions: Definitions }[],
): ReducedSchemas {
  const all = documents.map(({ version, definitions }) => reduced(version, definitions));
  const newest = all[0]?.definitions ?? {};
  return {
    versions: all.map((one, index) => ({
      ...one,
      definitions:
        index === 0
          ? newest
          : Object.fromEntries(
              Object.entries(one.definitions).filter(
                ([name, definition]) => JSON.stringify(newest[name]) !== JSON.stringify(definition),
              ),
            ),
    })),
  };
}

function reduced(version: string, definitions: Definitions): VersionSchemas {
  const kinds: Record<string, string> = {};
  const kept: Record<string, unknown> = {};
  const keep = (name: string): void => {
    const definition = definitions[name];
    if (definition === undefined || Object.hasOwn(kept, shortName(name))) return;
    kept[shortName(name)] = true;
    kept[shortName(name)] = schemaOf(definition, keep, name);
  };
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version: api, kind } of definition["x-kubernetes-group-version-kind"] ?? []) {
      const isKept =
        GROUPS.test(group) &&
        !api.includes("alpha") &&
        (!NOT_WRITTEN.test(kind) || WRITTEN_BINDINGS.test(kind));
      if (/(List|Options|Event)$/.test(kind)) continue;
      kinds[`${group}/${api}/${kind}`] = isKept ? shortName(name) : "";
      if (isKept) keep(name);
    }
  }
  return { version, kinds: sorted(kinds), definitions: sorted(kept) };
}

function schemaOf(definition: Definition, keep: (name: string) => void, name = ""): unknown {
  if (name.endsWith(".Quantity")) return { format: "quantity" };
  if (definition.format === "int-or-string") return { type: ["integer", "string"] };
  if (definition.$ref !== undefined) {
    const target = definition.$ref.replace("#/definitions/", "");
    keep(target);
    return { $ref: `#/definitions/${shortName(target)}` };
  }
  const { type, items, properties, required, additionalProperties } = definition;
  return {
    ...(type && { type }),
    ...(required && { required }),
    ...(items && { items: schemaOf(items, keep) }),
    ...(additionalProperties && { additionalProperties: schemaOf(additionalProperties, keep) }),
    ...(properties && {
      additionalProperties: false,
      properties: Object.fromEntries(
        // What the cluster writes is accepted and ignored.
        Object.entries(properties).map(([key, value]) => [
          key,
          isOfCluster(name, key) ? {} : schemaOf(value, keep),
        ]),
      ),
    }),
  };
}

function isOfCluster(definition: string, key: string): boolean {
  return (
    key === "status" || (definition.endsWith(".ObjectMeta") && /^(managedFields|ownerReferences)$/.test(key))
  );
}

/** "v1.PodSpec" of "io.k8s.api.core.v1.PodSpec"; with the group where another one has the same name. */
function shortName(name: string): string {
  return name.replace(
    /^io\.k8s\.(api|apimachinery\.pkg\.apis|apimachinery\.pkg|kube-aggregator\.pkg\.apis)\./,
    "",
  );
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON with a definition a line, so that a change can be read. */
export function schemasText({ versions }: ReducedSchemas): string {
  const lines = (record: Readonly<Record<string, unknown>>) =>
    Object.entries(record)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(",\n");
  const one = ({ version, kinds, definitions }: VersionSchemas) =>
    `{"version":"${version}","kinds":{\n${lines(kinds)}\n},"definitions":{\n${lines(definitions)}\n}}`;
  return `{"versions":[\n${versions.map(one).join(",\n")}\n]}\n`;
}
