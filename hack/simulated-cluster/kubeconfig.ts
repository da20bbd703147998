// The kubeconfig of a simulated cluster.
import { certificate } from "./api-server/certificate.ts";

/** As YAML, for kubectl and clients; with `tls` it trusts the server's certificate and no other. */
export function kubeconfigFor(url: string, tls: boolean): string {
  const trust = tls
    ? `certificate-authority-data: ${Buffer.from(certificate().cert).toString("base64")}`
    : "insecure-skip-tls-verify: true";
  // Over TLS kubectl asks for a name and a password when it has nothing to say who it is.
  const user = tls ? "{token: everybody-may-do-everything}" : "{}";
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
