import { appWith } from "../testing/a-template.ts";
import { itRecognises } from "../testing/expect-cause.ts";
import { changing, withOldReferences, withService } from "../testing/facts.ts";
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
        /Service checkout sends to the port named http.*http was 8080 before.*Name containerPort 8080 of container app http/,
      patch: /"ports":\[\{"containerPort":8080,"name":"http"\}\]/,
    },
    "one of several named ports that is gone, beside one that was never there": {
      reason: "EmptyEndpoints",
      facts: [
        withOldReferences(
          appWith({
            ports: [
              { name: "http", port: 8080 },
              { name: "grpc", port: 9090 },
            ],
          }),
        ),
        changing(appWith({ ports: [{ name: "http", port: 8080 }] })),
        withService({
          readyEndpoints: 3,
          ports: [
            { port: 80, targetPort: "http" },
            { port: 9100, targetPort: "metrics" },
            { port: 90, targetPort: "grpc" },
          ],
          partialPorts: [
            { targetPort: "metrics", readyEndpoints: 0 },
            { targetPort: "grpc", readyEndpoints: 0 },
          ],
        }),
      ],
      cause: "ServicePortNotServed",
      certainty: "Certain",
      names: /sends to the port named grpc.*grpc was 9090 before/,
    },
  });
});
