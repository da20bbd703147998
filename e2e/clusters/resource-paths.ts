// Where the API server serves what the scenarios read and write.
const BASES = {
  pods: "/api/v1",
  services: "/api/v1",
  events: "/api/v1",
  configmaps: "/api/v1",
  secrets: "/api/v1",
  resourcequotas: "/api/v1",
  deployments: "/apis/apps/v1",
  replicasets: "/apis/apps/v1",
  roles: "/apis/rbac.authorization.k8s.io/v1",
  rolebindings: "/apis/rbac.authorization.k8s.io/v1",
  endpointslices: "/apis/discovery.k8s.io/v1",
  rolloutguards: "/apis/rolloutguard.io/v1alpha1",
  incidents: "/apis/rolloutguard.io/v1alpha1",
} as const;

/** A namespaced resource by its plural. */
export type Plural = keyof typeof BASES;

/** The path of all objects of the resource: of the cluster, of a namespace; of one object, or of its subresource. */
export function pathOf(plural: Plural, namespace?: string, name?: string, subresource?: string): string {
  const scope = namespace === undefined ? BASES[plural] : `${BASES[plural]}/namespaces/${namespace}`;
  return [scope, plural, name, subresource].filter((part) => part !== undefined).join("/");
}
