// How the images of the scenarios are called where nobody says otherwise.

/** What `localhost/` stands before is never asked of a registry. */
export const APPLICATION_REPOSITORY = "localhost/rolloutguard-application";

/** An image that nobody can pull: RFC 2606 keeps names below `.invalid` from ever existing. */
export const MISSING_IMAGE = "registry.invalid/application:v2";

/** The image of docs/getting-started/web.yaml, for which the application of the scenarios stands in on a node without a registry. */
export const DOCUMENTED_IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53";
