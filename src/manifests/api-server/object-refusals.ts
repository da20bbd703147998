// What Kubernetes' validation says of Services, autoscalers, budgets, Ingresses and Secrets.
import type { Field } from "../field.ts";
import type { Manifest } from "../manifest.ts";
import { choices, portNameFault, rangeRefusals } from "./container-refusals.ts";
import { duplicates } from "./pod-refusals.ts";
import { isPlaceholder, pathText, type Refusal } from "./refusal.ts";

export function objectRefusals(manifest: Manifest): readonly Refusal[] {
  const spec = manifest.root.at("spec");
  switch (`${manifest.group}/${manifest.kind}`) {
    case "/Service":
      return [...serviceRefusals(spec)];
    case "autoscaling/HorizontalPodAutoscaler":
      return [...autoscalerRefusals(spec)];
    case "policy/PodDisruptionBudget":
      return [...budgetRefusals(spec)];
    case "networking.k8s.io/Ingress":
      return [...ingressRefusals(spec)];
    case "/Secret":
      return [...secretRefusals(manifest.root)];
    default:
      return [];
  }
}

function* serviceRefusals(spec: Field): Iterable<Refusal> {
  const type = spec.at("type");
  yield* choices(type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]);
  const ports = spec.at("ports").items();
  if (ports.length === 0 && type.text !== "ExternalName" && spec.at("clusterIP").text !== "None") {
    const field = spec.at("ports");
    yield {
      field,
      says: `${pathText(field)}: Required value`,
      fix: "Write the ports, such as `- {port: 80}`.",
    };
  }
  yield* duplicates(ports, "name");
  const hasNodePorts = type.text === "NodePort" || type.text === "LoadBalancer";
  for (const [index, port] of ports.entries()) {
    const [name, node] = [port.at("name"), port.at("nodePort")];
    if (ports.length > 1 && !name.text) {
      yield {
        field: name,
        says: `${pathText(name)}: Required value`,
        fix: "Give each of several ports a name.",
      };
    }
    yield* rangeRefusals(port.at("port"));
    yield* rangeRefusals(port.at("targetPort"));
    yield* choices(port.at("protocol"), ["SCTP", "TCP", "UDP"]);
    yield* targetRefusals(port.at("targetPort"));
    if (node.number && !hasNodePorts) {
      yield {
        field: node,
        says: `${pathText(node)}: Forbidden: may not be used when \`type\` is '${type.text ?? "ClusterIP"}'`,
        fix: "Take `nodePort` out, or write `type: NodePort`.",
      };
    }
    const key = (one: Field) => `${one.at("port").shown}/${one.at("protocol").text ?? "TCP"}`;
    if (ports.slice(0, index).some((one) => key(one) === key(port))) {
      const field = port.at("port");
      yield {
        field,
        says: `${pathText(port)}: Duplicate value: ${key(port)}`,
        fix: "Write another port, or remove one of the two.",
      };
    }
  }
  const ip = spec.at("clusterIP");
  if (ip.text === "None" && hasNodePorts) {
    yield {
      field: ip,
      says: `${pathText(ip)}: Invalid value: "None": may not be set to 'None' for ${type.text} services`,
      fix: "Take `clusterIP` out, or `type`.",
    };
  }
  if (type.text === "ExternalName" && !spec.at("externalName").text) {
    const field = spec.at("externalName");
    yield {
      field,
      says: `${pathText(field)}: Required value`,
      fix: "Write the name that the Service stands for.",
    };
  }
}

function* targetRefusals(target: Field): Iterable<Refusal> {
  // A number in quotes has a rule of its own.
  if (!target.text || /^\d+$/.test(target.text) || isPlaceholder(target)) return;
  const fault = portNameFault(target.text);
  if (fault === undefined) return;
  yield {
    field: target,
    says: `${pathText(target)}: Invalid value: "${target.text}": ${fault}`,
    fix: "Write the name of the container's port, at most 15 small letters, digits and `-`.",
  };
}

function* autoscalerRefusals(spec: Field): Iterable<Refusal> {
  const [least, most] = [spec.at("minReplicas"), spec.at("maxReplicas")];
  if (most.number === undefined || most.number >= (least.number ?? 1)) return;
  yield {
    field: most,
    says: `${pathText(most)}: Invalid value: ${most.number}: must be greater than or equal to \`minReplicas\``,
    fix: `Write at least ${least.number ?? 1}.`,
  };
}

function* budgetRefusals(spec: Field): Iterable<Refusal> {
  const most = spec.at("maxUnavailable");
  if (!most.isThere || !spec.at("minAvailable").isThere) return;
  yield {
    field: most,
    says: `${pathText(spec)}: Invalid value: minAvailable and maxUnavailable cannot be both set`,
    fix: "Keep `maxUnavailable`.",
  };
}

function* ingressRefusals(spec: Field): Iterable<Refusal> {
  const paths = spec
    .at("rules")
    .items()
    .flatMap((rule) => rule.at("http", "paths").items());
  for (const path of paths) {
    const type = path.at("pathType");
    yield* choices(type, ["Exact", "ImplementationSpecific", "Prefix"]);
    const text = path.at("path");
    if (type.text === "ImplementationSpecific" || text.text === undefined || text.text.startsWith("/"))
      continue;
    if (isPlaceholder(text)) continue;
    yield {
      field: text,
      says: `${pathText(text)}: Invalid value: "${text.text}": must be an absolute path`,
      fix: `Write \`/${text.text}\`.`,
    };
  }
}

/** Values are never shown. */
function* secretRefusals(root: Field): Iterable<Refusal> {
  for (const [, value] of root.at("data").entries()) {
    const text = value.text?.replaceAll(/\s/g, "");
    if (text === undefined || isPlaceholder(value) || /^<|^\$|\{\{/.test(text)) continue;
    if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0) continue;
    yield {
      field: value,
      says: `${pathText(value)}: illegal base64 data`,
      fix: "Write the value as it is under `stringData`, or encode it with base64.",
    };
  }
}
