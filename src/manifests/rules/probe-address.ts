// Does a probe ask the pod, in the protocol that it speaks?
import type { LintRule, Problem } from "../finding.ts";
import { type Probe, probesOf } from "../probes.ts";
import { type Container, lastingContainers } from "../workload.ts";

export const probeAddress: LintRule = {
  id: "probe-address",
  severity: "warning",
  meaning: "A probe asks another host than the pod, or in another protocol than its port suggests",
  advice:
    "The kubelet asks from the node: `host: localhost` is the node, not the pod, and a name of a Service makes a pod's health depend on other pods. A probe over HTTP on a port for HTTPS, or the other way round, can only fail.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of lastingContainers(workload)) {
        for (const probe of probesOf(container)) {
          const asks = `The ${probe.kind} probe of container ${container.name} in ${workload.title} asks`;
          for (const problem of [...ofHost(probe, asks), ...ofScheme(probe, container, asks)]) {
            yield { manifest: workload.manifest, ...problem };
          }
        }
      }
    }
  },
};

type Said = Omit<Problem, "manifest">;

function* ofHost({ field, asks: handler }: Probe, asks: string): Iterable<Said> {
  const host = field.at(handler ?? "exec", "host");
  // A pod on the network of the node is asked there.
  if (!host.text || host.text.includes("$")) return;
  const isNode = /^(localhost|127\.|::1|0\.0\.0\.0)/.test(host.text);
  yield {
    field: host,
    message: `${asks} host ${host.text}, ${isNode ? "which is the node and not the pod" : "and not the pod itself"}.`,
    fix: "Take `host` out: the probe then asks the pod. For another name in the request, write a `Host` header into httpHeaders.",
  };
}

function* ofScheme(
  { field, asks: handler, port }: Probe,
  { ports }: Container,
  asks: string,
): Iterable<Said> {
  if (handler !== "httpGet") return;
  const scheme = field.at("httpGet", "scheme");
  const declared = ports.find(({ number, name }) => number === port.number || name === port.text);
  const title = declared?.name || port.text || "";
  const number = declared?.number ?? port.number;
  const isTls = /^https(-|$)|(^|-)tls$/.test(title) || (title === "" && (number === 443 || number === 8443));
  const isPlain = /^http(-|$)/.test(title) || (title === "" && (number === 80 || number === 8080));
  const isAskedByTls = scheme.text === "HTTPS";
  if (!(isTls && !isAskedByTls) && !(isPlain && isAskedByTls)) return;
  const [spoken, wanted] = isTls ? ["HTTP", "HTTPS"] : ["HTTPS", "HTTP"];
  yield {
    field: scheme.isThere ? scheme : field.at("httpGet"),
    message: `${asks} port ${title || number} over ${spoken}, and that is a port for ${wanted}.`,
    fix: isTls ? "Write `scheme: HTTPS`." : "Take `scheme: HTTPS` out.",
  };
}
