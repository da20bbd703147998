// CONNECT at the port of the API server leads to pods: how clients outside the process get into the network of the pods.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The connection to the pod, or why there is none. */
export type ConnectToPod = (address: string, port: number) => Duplex | "refused" | "unreachable";

/** Answers a CONNECT request and joins the two connections. */
export function tunnelToPod(
  { url = "" }: Pick<IncomingMessage, "url">,
  client: Duplex,
  connect: ConnectToPod,
): void {
  client.on("error", () => undefined);
  const [, address = "", port = ""] = /^\[?([0-9a-f.:]+?)\]?:(\d+)$/i.exec(url) ?? [];
  const pod = connect(address, Number(port));
  if (typeof pod === "string") {
    client.end(
      `HTTP/1.1 ${pod === "refused" ? "502 Bad Gateway" : "504 Gateway Timeout"}\r\ncontent-length: 0\r\n\r\n`,
    );
    return;
  }
  pod.on("error", () => undefined);
  client.once("close", () => pod.destroy());
  pod.once("close", () => client.destroy());
  client.write("HTTP/1.1 200 Connection established\r\n\r\n");
  client.pipe(pod).pipe(client);
}
