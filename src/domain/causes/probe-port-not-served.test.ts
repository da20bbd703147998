import { appWith, aVariable, readinessProbe } from "../testing/a-template.ts";
import { itRecognises, refused, unready } from "../testing/expect-cause.ts";
import { changing } from "../testing/facts.ts";
import { seconds } from "../testing/instants.ts";
import { at } from "../testing/scene.ts";
import { probePortNotServed } from "./probe-port-not-served.ts";

describe("probePortNotServed", () => {
  itRecognises(probePortNotServed, {
    "a probe that the rollout moved to a port that nobody serves": {
      reason: "NotReady",
      facts: [
        changing(
          appWith({ ports: [{ port: 80 }] }),
          readinessProbe({ port: 80, target: "GET http :80/healthz" }),
        ),
        unready,
        refused(80),
      ],
      cause: "ProbePortNotServed",
      certainty: "Certain",
      names:
        /changed the probe of container app.*nothing listens on port 80; the right port is 8080: revision 1 .*Service checkout sends there/,
      patch: /"readinessProbe":\{"httpGet":\{"port":8080\}\}/,
    },
    "a probe on a port that is not declared, of the first release": {
      isFirst: true,
      reason: "NotReady",
      facts: [changing(readinessProbe({ port: 80, target: "GET http :80/healthz" })), unready, refused(80)],
      cause: "ProbePortNotServed",
      certainty: "Likely",
      names: /port 80.*the right port is probably 8080: Service checkout sends there/,
    },
    "a probe by a name that no port has": {
      reason: "NotReady",
      facts: [
        changing(readinessProbe({ port: undefined, portName: "web", target: "GET http :web/healthz" })),
        unready,
      ],
      cause: "ProbePortNotServed",
      certainty: "Certain",
      names: /Container app has no port named web.*Name containerPort 8080 web/,
      patch: /"name":"web"/,
    },
    "an application that was told to listen elsewhere": {
      reason: "NotReady",
      facts: [
        changing(
          appWith({ env: [aVariable("DATABASE_URL"), aVariable("LOG_LEVEL"), aVariable("LISTEN_PORT")] }),
        ),
        unready,
        refused(8080),
        at(seconds(50)),
      ],
      cause: "ProbePortNotServed",
      certainty: "Likely",
      names: /port 8080.*the rollout changed env LISTEN_PORT/,
    },
  });
});
