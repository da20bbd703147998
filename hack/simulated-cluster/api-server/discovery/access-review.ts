// Reviews, for `kubectl auth`: everybody is the administrator here, and may do everything.

const PATH = /^\/apis\/(authentication|authorization)\.k8s\.io\/v1\/(?:namespaces\/[^/]+\/)?([a-z]+)$/;

/** What a review of one access says. */
const ALLOWED = { allowed: true };

/** What a review of all that one may do says. */
const ALL_RULES = {
  resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  incomplete: false,
};

const AUTHORIZATION: Readonly<Record<string, { readonly kind: string; readonly status: object }>> = {
  localsubjectaccessreviews: { kind: "LocalSubjectAccessReview", status: ALLOWED },
  selfsubjectaccessreviews: { kind: "SelfSubjectAccessReview", status: ALLOWED },
  selfsubjectrulesreviews: { kind: "SelfSubjectRulesReview", status: ALL_RULES },
  subjectaccessreviews: { kind: "SubjectAccessReview", status: ALLOWED },
};

/** Who asks, and whose every token is; there is no authentication, so it is always the same one. */
const ADMINISTRATOR = { username: "kubernetes-admin", groups: ["system:masters", "system:authenticated"] };

const AUTHENTICATION: Readonly<Record<string, { readonly kind: string; readonly status: object }>> = {
  selfsubjectreviews: { kind: "SelfSubjectReview", status: { userInfo: ADMINISTRATOR } },
  tokenreviews: { kind: "TokenReview", status: { authenticated: true, user: ADMINISTRATOR } },
};

/** The answered review, or undefined when the request is none. */
export function accessReviewAnswer(method: string, path: string): object | undefined {
  if (method !== "POST") return undefined;
  const [, group, name = ""] = PATH.exec(path) ?? [];
  const review = (group === "authentication" ? AUTHENTICATION : AUTHORIZATION)[name];
  if (group === undefined || review === undefined) return undefined;
  const { kind, status } = review;
  const spec = kind === "SelfSubjectReview" ? {} : { spec: {} };
  return { kind, apiVersion: `${group}.k8s.io/v1`, metadata: {}, ...spec, status };
}
