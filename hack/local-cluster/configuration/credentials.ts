// Who may do what in the cluster: tokens of its users, and what they need to present them.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { API_SERVER_ADDRESS, NODE_NAME } from "./addresses.ts";

/** A user that the API server knows by a token. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token: string;
}

export type UserKey = "admin" | "controllerManager" | "scheduler" | "kubelet";

/** The users of a cluster, with new tokens. The names are those that the roles of Kubernetes are bound to. */
export function newUsers(): Readonly<Record<UserKey, User>> {
  const user = (name: string, ...groups: string[]): User => ({
    name,
    groups,
    token: randomBytes(32).toString("hex"),
  });
  return {
    admin: user("admin", "system:masters"),
    controllerManager: user("system:kube-controller-manager"),
    scheduler: user("system:kube-scheduler"),
    kubelet: user(`system:node:${NODE_NAME}`, "system:nodes"),
  };
}

/** The token file of kube-apiserver: token, name, uid, groups. */
export function tokenFile(users: readonly User[]): string {
  return users.map(({ token, name, groups }) => `${token},${name},${name},"${groups.join(",")}"\n`).join("");
}

/** A kubeconfig for the user; the certificate, as PEM, is the one by which to know the API server. */
export function kubeconfig({ name, token }: User, certificate: string): string {
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "local",
          cluster: {
            server: `https://${API_SERVER_ADDRESS}:443`,
            "certificate-authority-data": Buffer.from(certificate).toString("base64"),
          },
        },
      ],
      users: [{ name, user: { token } }],
      contexts: [{ name: "local", context: { cluster: "local", user: name, namespace: "default" } }],
      "current-context": "local",
    },
    null,
    2,
  );
}

/** The keys, as PEM, with which the tokens of ServiceAccounts are signed and checked. */
export function serviceAccountKeys(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
