// Pods that no node takes: which resource is short, which label or toleration is missing. Pure.
import { type Case, type Cause, type Classifier, quoted, toldIn } from "./cause.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** What the scheduler says, one reason for so many nodes: "0/3 nodes are available: 2 Insufficient memory, 1 node(s) …". */
const SAYS = /\d+\/\d+ nodes are available: ([^\n]+)/;

export const unschedulable: Classifier = {
  explains: ["Unschedulable", "ProgressDeadlineExceeded"],
  classify: (of) => {
    const said = SAYS.exec(toldIn(of))?.[1]?.replace(/ preemption: .*$/i, "");
    if (said === undefined) return undefined;
    return (
      insufficient(of, said) ??
      tainted(of, said) ??
      unselected(of, said) ?? {
        class: "NodePlacementImpossible",
        certainty: "Certain",
        message: `No node takes the pods: ${said.trim()}`,
        evidence: quoted(of, /nodes are available/),
        remedy:
          "Change what the pod template asks of a node as the scheduler's words say, or add such a node.",
      }
    );
  },
};

function insufficient(of: Case, said: string): Cause | undefined {
  const resources = [
    ...new Set([...said.matchAll(/Insufficient ([a-z0-9./-]*[a-z0-9])/gi)].map((match) => match[1] ?? "")),
  ];
  const [resource] = resources;
  if (resource === undefined) return undefined;
  const { revision, baseline } = of.rollout;
  const requests = revision.template.containers.flatMap((container) => {
    const amount = amountOf(container.resources, resource);
    const before = baseline?.template.containers.find(({ name }) => name === container.name);
    const former = before && amountOf(before.resources, resource);
    return amount === undefined ? [] : [{ container, amount, former }];
  });
  const changed = requests.find(({ amount, former }) => former !== undefined && former !== amount);
  const told = requests.map(({ container, amount, former }) =>
    former !== undefined && former !== amount
      ? `container ${container.name} asks for ${amount}, before it was ${former}`
      : `container ${container.name} asks for ${amount}`,
  );
  return {
    class: "InsufficientResources",
    certainty: "Certain",
    message: `No node has enough ${resources.join(" and ")} left${told.length > 0 ? `: ${told.slice(0, 3).join("; ")}` : ""}.`,
    evidence: quoted(of, /Insufficient/),
    remedy: `Ask for less ${resources.join(" and ")}${changed ? ` (container ${changed.container.name}: ${changed.former} as before)` : ""}, or add nodes that have it.`,
    patch: changed
      ? patchOfContainer(of.rollout, changed.container, {
          resources: { requests: { [resource]: changed.former } },
        })
      : undefined,
  };
}

/** The request; where only a limit is given that is the request. */
function amountOf(resources: readonly string[], name: string): string | undefined {
  const find = (prefix: string) => resources.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  return find(`requests.${name}=`) ?? find(`limits.${name}=`);
}

function tainted(of: Case, said: string): Cause | undefined {
  const taints = [...said.matchAll(/untolerated taint \{([^}]*)\}/gi)].map((match) =>
    (match[1] ?? "").trim(),
  );
  if (taints.length === 0 || /didn't match Pod's node (?:affinity|selector)/i.test(said)) return undefined;
  const names = [...new Set(taints)].map((taint) => taint.replace(/:\s*$/, "").replace(": ", "="));
  const isNodes = names.every((name) => /^node\.(?:kubernetes|cloudprovider\.kubernetes)\.io\//.test(name));
  return isNodes
    ? {
        class: "EnvironmentTrouble",
        certainty: "Likely",
        message: `The nodes are not fit at this moment (${names.join(", ")}), so no pod of this release can be placed.`,
        evidence: quoted(of, /taint/),
        remedy: "Bring the nodes back (kubectl describe nodes); the release need not be changed.",
      }
    : {
        class: "TaintNotTolerated",
        certainty: "Certain",
        message: `The nodes that would have room have taints that the pods do not tolerate: ${names.join(", ")}.`,
        evidence: quoted(of, /taint/),
        remedy: `Add a toleration for ${names.join(", ")} to the pod template, or offer nodes without.`,
      };
}

function unselected(of: Case, said: string): Cause | undefined {
  if (!/didn't match (?:Pod's )?node (?:affinity|selector)|node affinity\/selector/i.test(said))
    return undefined;
  const { revision, baseline } = of.rollout;
  const isChanged =
    baseline !== undefined && baseline.template.schedulingKey !== revision.template.schedulingKey;
  return {
    class: "NodeSelectorUnmatched",
    certainty: "Certain",
    message: `No node has the labels that the pods ask for in nodeSelector or node affinity${isChanged ? "; the rollout changed what they ask of a node" : ""}.`,
    evidence: quoted(of, /affinity|selector/i),
    remedy:
      "Correct nodeSelector and affinity of the pod template, or label a node (kubectl get nodes --show-labels).",
  };
}
