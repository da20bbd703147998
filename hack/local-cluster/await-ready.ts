// Runs inside a cluster's network: waits until the API server, or the whole cluster, is ready; then writes what version
// it is. Arguments: "api" or "node", and the administrator's kubeconfig.
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { NODE_NAME } from "./configuration/addresses.ts";

const EVERY_MS = 100;

interface Access {
  readonly server: string;
  readonly certificate: Buffer;
  readonly token: string;
}

function accessOf(kubeconfig: string): Access {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, "utf8"));
  return {
    server: clusters[0].cluster.server,
    certificate: Buffer.from(clusters[0].cluster["certificate-authority-data"], "base64"),
    token: users[0].user.token,
  };
}

/** The answer's text; undefined when it is no success, or when nobody listens yet. */
function get({ server, certificate, token }: Access, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}` };
    const asked = request(`${server}${path}`, { ca: certificate, headers, timeout: 5_000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.once("end", () => resolve(answer.statusCode === 200 ? text : undefined));
      answer.once("error", () => resolve(undefined));
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(undefined));
    asked.end();
  });
}

interface Node {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** The node takes pods, and pods find the ServiceAccount that they run as. */
async function isClusterReady(access: Access): Promise<boolean> {
  const node = await get(access, `/api/v1/nodes/${NODE_NAME}`);
  if (node === undefined) return false;
  const { status } = JSON.parse(node) as Node;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") return false;
  return (await get(access, "/api/v1/namespaces/default/serviceaccounts/default")) !== undefined;
}

const [what, kubeconfig = ""] = process.argv.slice(2);
const access = accessOf(kubeconfig);
const isReady =
  what === "api" ? async () => (await get(access, "/readyz")) !== undefined : () => isClusterReady(access);
while (!(await isReady())) await sleep(EVERY_MS);
const { gitVersion } = JSON.parse((await get(access, "/version")) ?? "{}") as { gitVersion?: string };
console.log(gitVersion ?? "unknown");
