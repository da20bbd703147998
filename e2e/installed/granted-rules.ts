// What the API server says that a user may do, and the table of the operator's calls in the same form.
import type { ApiCall, OwnCall } from "../../src/kube/api-calls.ts";
import type { Kubectl } from "./kubectl.ts";

interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Groups whose reviews of oneself every authenticated user may ask for. */
const OF_EVERYBODY = new Set(["authentication.k8s.io", "authorization.k8s.io"]);

/** The answer to `kubectl auth can-i --list`, without what everybody may: lines such as "patch apps/deployments". */
export async function grantedTo(kubectl: Kubectl, username: string, namespace: string): Promise<string[]> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectRulesReview",
    spec: { namespace },
  };
  const groups = ["--as-group=system:serviceaccounts", "--as-group=system:authenticated"];
  const words = ["create", "--validate=false", "-f", "-", "-o", "json", `--as=${username}`, ...groups];
  const answer = JSON.parse(await kubectl(words, JSON.stringify(review))) as {
    status: { resourceRules: ResourceRule[]; incomplete: boolean };
  };
  if (answer.status.incomplete) throw new Error("the API server could not list all rules");
  const lines = answer.status.resourceRules.flatMap(({ apiGroups, resources, resourceNames, verbs }) =>
    (apiGroups ?? [])
      .filter((group) => !OF_EVERYBODY.has(group))
      .flatMap((group) =>
        (resources ?? []).flatMap((resource) =>
          verbs.map((verb) => lineOf(verb, group, resource, resourceNames?.join())),
        ),
      ),
  );
  return [...new Set(lines)].sort();
}

/** The same lines, from the table. */
export function grantsOf(calls: readonly (ApiCall | OwnCall)[]): string[] {
  const lines = calls.flatMap(({ group, resource, subresource, verbs, ...call }) =>
    verbs.map((verb) => {
      const name = "name" in call && verb !== "create" ? call.name : undefined;
      return lineOf(verb, group, subresource ? `${resource}/${subresource}` : resource, name);
    }),
  );
  return lines.sort();
}

function lineOf(verb: string, group: string, resource: string, name: string | undefined): string {
  return `${verb} ${group}/${resource}${name ? ` ${name}` : ""}`;
}
