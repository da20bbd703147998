import { itRecognises, refuses } from "../testing/expect-cause.ts";
import { podSecurityViolated } from "./pod-security-violated.ts";

describe("podSecurityViolated", () => {
  itRecognises(podSecurityViolated, {
    "a Pod Security level": {
      ...refuses(
        'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
      ),
      cause: "PodSecurityViolated",
      certainty: "Certain",
      names: /level restricted:latest forbids.*Set allowPrivilegeEscalation, runAsNonRoot/,
      patch: /"securityContext":\{"allowPrivilegeEscalation":false,"runAsNonRoot":true\}/,
    },
  });
});
