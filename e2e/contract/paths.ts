// Where the API server serves what the cases speak of.
export const PATHS = {
  pods: "/api/v1",
  services: "/api/v1",
  endpoints: "/api/v1",
  events: "/api/v1",
  secrets: "/api/v1",
  configmaps: "/api/v1",
  resourcequotas: "/api/v1",
  deployments: "/apis/apps/v1",
  replicasets: "/apis/apps/v1",
  endpointslices: "/apis/discovery.k8s.io/v1",
  poddisruptionbudgets: "/apis/policy/v1",
  leases: "/apis/coordination.k8s.io/v1",
  rolloutguards: "/apis/rolloutguard.io/v1alpha1",
  incidents: "/apis/rolloutguard.io/v1alpha1",
} as const;

/** A namespaced resource by its plural. */
export type Plural = keyof typeof PATHS;
