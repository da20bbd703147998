// Reviews, for `kubectl auth`: everybody is the administrator here, and may do everything.

const API_VERSION = "authorization.k8s.io/v1";
const PATH = /^\/apis\/authorization\.k8s\.io\/v1\/(?:namespaces\/[^/]+\/)?([a-z]+)$/;

/** What a review of one access says. */
const ALLOWED = { allowed: true };

/** What a review of all that one may do says. */
const ALL_RULES = {
  resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  incomplete: false,
};

const REVIEWS: Readonly<Record<string, { readonly kind: string; readonly status: object }>> = {
  localsubjectaccessreviews: { kind: "LocalSubjectAccessReview", status: ALLOWED },
  selfsubjectaccessreviews: { kind: "SelfSubjectAccessReview", status: ALLOWED },
  selfsubjectrulesreviews: { kind: "SelfSubjectRulesReview", status: ALL_RULES },
  subjectaccessreviews: { kind: "SubjectAccessReview", status: ALLOWED },
};

/** Who asks; there is no authentication, so it is always the same one. */
const SELF = {
  kind: "SelfSubjectReview",
  apiVersion: "authentication.k8s.io/v1",
  metadata: {},
  status: { userInfo: { username: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] } },
};

/** The answered review, or undefined when the request is none. */
export function accessReviewAnswer(method: string, path: string): object | undefined {
  if (method === "POST" && path === "/apis/authentication.k8s.io/v1/selfsubjectreviews") return SELF;
  const review = REVIEWS[PATH.exec(path)?.[1] ?? ""];
  if (method !== "POST" || review === undefined) return undefined;
  const { kind, status } = review;
  return { kind, apiVersion: API_VERSION, metadata: {}, spec: {}, status };
}
