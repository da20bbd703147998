// `version`: those of the client, of the operator, and of the custom resources that the cluster serves.
import { GROUP } from "../../api/group.ts";
import { asList, asObject, asText } from "../../kube/objects.ts";
import { VERSION } from "../../version.ts";
import { type ClusterAccess, withCluster } from "../cluster/cluster-access.ts";
import { withClusterErrors } from "../cluster/cluster-error.ts";
import { CLUSTER_FLAGS } from "../cluster-flags.ts";
import { defineCommand } from "../command-definition.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { oneOf, onOff } from "../flags.ts";

/** As config/ installs it. */
const OPERATOR = { namespace: "rolloutguard-system", name: "rolloutguard" } as const;

/** What the cluster says, or why that is not known. */
interface ServerVersions {
  readonly operator: string;
  readonly customResources: string;
}

export const versionCommand = defineCommand({
  summary: "Print the versions of client, operator and CRDs",
  description:
    "Prints the versions of the client, of the operator that runs in the cluster, and of the custom resources that the cluster serves.",
  usage: "[--client] [flags]",
  flags: {
    clientOnly: onOff("--client", "print the version of the client only"),
    output: oneOf("-o, --output <FORM>", "json or yaml", ["json", "yaml"]),
    ...CLUSTER_FLAGS,
  },
  examples: ["kubectl rolloutguard version", "kubectl rolloutguard version --client -o json"],
  exitCodes: "0 done, 2 wrong usage, 3 the cluster cannot be reached",
  async run({ flags, terminal }) {
    const { clientOnly, output } = flags;
    // Before the cluster is asked, which may not answer.
    if (output === undefined) terminal.out(`Client Version: ${VERSION}\n`);
    const server = clientOnly
      ? undefined
      : await withCluster(flags, (access) => withClusterErrors(access, () => serverVersions(access)));
    if (output !== undefined) {
      const { dataText } = await import("../output-forms.ts");
      terminal.out(dataText({ client: VERSION, ...server }, output));
    } else if (server !== undefined) {
      terminal.out(`Operator Version: ${server.operator}\nCRD Version: ${server.customResources}\n`);
    }
    return EXIT_CODES.fine;
  },
});

async function serverVersions({ client }: ClusterAccess): Promise<ServerVersions> {
  const [{ resourcePath }, { ApiError, isNotFound }] = await Promise.all([
    import("../../kube/resources.ts"),
    import("../../kube/connection/api-error.ts"),
  ]);
  const unlessRefused = (whenGone: string) => (error: unknown) => {
    if (isNotFound(error)) return whenGone;
    if (error instanceof ApiError && error.status === 403)
      return "unknown: you have no permission to read it";
    throw error;
  };
  const path = resourcePath("deployments", OPERATOR.namespace, OPERATOR.name);
  const [operator, customResources] = await Promise.all([
    client
      .get(path)
      .then(imageVersion)
      .catch(unlessRefused(`unknown: there is no Deployment ${OPERATOR.name} in ${OPERATOR.namespace}`)),
    client
      .get(`/apis/${GROUP}`)
      .then(servedVersions)
      .catch(unlessRefused(`not installed: the cluster does not serve ${GROUP}`)),
  ]);
  return { operator, customResources };
}

/** The tag of the operator's image, or the whole image without one. */
function imageVersion(deployment: { readonly spec?: unknown }): string {
  const template = asObject(asObject(asObject(deployment.spec).template).spec);
  const image = asText(asObject(asList(template.containers)[0]).image, "unknown");
  return /:([\w.-]+)$/.exec(image)?.[1] ?? image;
}

function servedVersions(group: { readonly versions?: unknown }): string {
  return asList(group.versions)
    .map((version) => asText(asObject(version).groupVersion))
    .join(", ");
}
