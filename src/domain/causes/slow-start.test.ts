import { itRecognises, refused, unready } from "../testing/expect-cause.ts";
import { seconds } from "../testing/instants.ts";
import { at } from "../testing/scene.ts";
import { slowStart } from "./slow-start.ts";

describe("slowStart", () => {
  itRecognises(slowStart, {
    "an application that is still starting": {
      reason: "NotReady",
      facts: [unready, refused(8080), at(seconds(30))],
      cause: "SlowStart",
      certainty: "Likely",
      names: /not listening on port 8080 28s after its start.*startup probe.*that allows 2m/,
      patch:
        /"startupProbe":\{"httpGet":\{"path":"\/healthz","port":8080\},"periodSeconds":5,"failureThreshold":24\}/,
    },
  });
});
