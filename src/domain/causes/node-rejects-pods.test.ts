import { rejected } from "../testing/a-pod.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { withPods } from "../testing/facts.ts";
import { nodeRejectsPods } from "./node-rejects-pods.ts";

const SYSCTL = 'Pod was rejected: forbidden sysctl: "net.core.somaxconn" not allowlisted';

describe("nodeRejectsPods", () => {
  itRecognises(nodeRejectsPods, {
    "a sysctl that the nodes do not allow": {
      reason: "PodRejected",
      says: `pod checkout-1 on node node-a: Failed, SysctlForbidden: ${SYSCTL}`,
      facts: [withPods(3, rejected("SysctlForbidden", SYSCTL))],
      cause: "NodeRejectsPods",
      certainty: "Certain",
      names: /SysctlForbidden: forbidden sysctl: "net.core.somaxconn" not allowlisted.*do not allow/,
    },
    "a full node": {
      reason: "PodRejected",
      says: "pod checkout-1 on node node-a: Failed, OutOfpods: Node didn't have enough resource: pods",
      facts: [withPods(3, rejected("OutOfpods"))],
      cause: "NodeRejectsPods",
      certainty: "Certain",
      names: /OutOfpods: Node didn't have enough resource: pods.*Request less/,
    },
  });
});
