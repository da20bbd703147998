import { itRecognises, refuses } from "../testing/expect-cause.ts";
import { quotaExceeded } from "./quota-exceeded.ts";

describe("quotaExceeded", () => {
  itRecognises(quotaExceeded, {
    "a quota": {
      ...refuses(
        'pods "x" is forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=900m, limited: requests.cpu=1',
      ),
      cause: "QuotaExceeded",
      certainty: "Certain",
      names: /exceed quota compute: they request requests\.cpu=500m.*Raise quota compute \(requests\.cpu\)/,
      patch: /"maxSurge":0/,
    },
    "a quota that wants to know": {
      ...refuses('pods "x" is forbidden: failed quota: compute: must specify limits.memory for: app'),
      cause: "QuotaExceeded",
      certainty: "Certain",
      names: /only pods that specify limits\.memory for: app/,
    },
  });
});
