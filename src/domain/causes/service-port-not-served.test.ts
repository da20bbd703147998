import { appWith } from "../testing/a-template.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { changing, withService } from "../testing/facts.ts";
import { servicePortNotServed } from "./service-port-not-served.ts";

describe("servicePortNotServed", () => {
  itRecognises(servicePortNotServed, {
    "a named port that is gone": {
      reason: "EmptyEndpoints",
      facts: [
        withService({ readyEndpoints: 0, ports: [{ port: 80, targetPort: "http" }] }),
        changing(appWith({ ports: [{ port: 8080 }] })),
      ],
      cause: "ServicePortNotServed",
      certainty: "Certain",
      names:
        /Service checkout sends to the port named http.*before, http was 8080.*Name containerPort 8080 of container app http/,
      patch: /"ports":\[\{"containerPort":8080,"name":"http"\}\]/,
    },
  });
});
