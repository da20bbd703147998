// The webhook that holds a request, as the API server is told of it.

/** A kind of write, and whose. */
export interface HeldWrite {
  /** The namespace whose objects it concerns. */
  readonly namespace: string;
  readonly apiGroup: string;
  /** Such as "deployments" or "incidents/status". */
  readonly resource: string;
  /** Such as "system:serviceaccount:…"; what others write passes. */
  readonly username: string;
}

/** A test may take so long with a request; longer is refused by the API. */
const TIMEOUT_SECONDS = 30;

/** A ValidatingWebhookConfiguration; it also asks about new ConfigMaps, by which one sees that it is in force. */
export function webhookConfiguration(write: HeldWrite, url: string, certificate: string) {
  const { namespace, apiGroup, resource } = write;
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: `hold-${namespace}` },
    webhooks: [
      {
        name: "hold.rolloutguard.io",
        clientConfig: { url, caBundle: Buffer.from(certificate).toString("base64") },
        rules: [
          { apiGroups: [apiGroup], apiVersions: ["*"], resources: [resource], operations: ["UPDATE"] },
          { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE"] },
        ],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        timeoutSeconds: TIMEOUT_SECONDS,
        failurePolicy: "Ignore",
      },
    ],
  };
}
