// Access reviews, for `kubectl auth can-i`: everybody may do everything here, as an administrator of a real cluster.

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

/** The answered review, or undefined when the request is none. */
export function accessReviewAnswer(method: string, path: string): object | undefined {
  const review = REVIEWS[PATH.exec(path)?.[1] ?? ""];
  if (method !== "POST" || review === undefined) return undefined;
  const { kind, status } = review;
  return { kind, apiVersion: API_VERSION, metadata: {}, spec: {}, status };
}
