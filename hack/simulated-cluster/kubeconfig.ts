// The kubeconfig of a simulated cluster.

/** As YAML, for kubectl and clients; with a certificate (PEM) it trusts that one and no other. */
export function kubeconfigFor(url: string, certificateAuthority: string | undefined): string {
  const trust =
    certificateAuthority === undefined
      ? "insecure-skip-tls-verify: true"
      : `certificate-authority-data: ${Buffer.from(certificateAuthority).toString("base64")}`;
  // Over TLS kubectl asks for a name and a password when it has nothing to say who it is.
  const user = certificateAuthority === undefined ? "{}" : "{token: everybody-may-do-everything}";
  return `apiVersion: v1
kind: Config
clusters:
  - name: simulated
    cluster:
      server: ${url}
      ${trust}
users:
  - name: simulated
    user: ${user}
contexts:
  - name: simulated
    context:
      cluster: simulated
      user: simulated
      namespace: default
current-context: simulated
`;
}
