import { itRecognises, refuses } from "../testing/expect-cause.ts";
import { admissionDenied } from "./admission-denied.ts";

describe("admissionDenied", () => {
  itRecognises(admissionDenied, {
    "an admission webhook": {
      ...refuses(
        'admission webhook "images.example" denied the request: image must come from registry.example',
      ),
      cause: "AdmissionDenied",
      certainty: "Certain",
      names: /Admission images\.example denies the pods: image must come from registry\.example/,
    },
  });
});
