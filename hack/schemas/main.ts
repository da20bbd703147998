// `npm run schemas`: writes the schemas that `kubectl rolloutguard lint` validates manifests against, from the OpenAPI
// documents that Kubernetes publishes with its source.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Definitions, reducedSchemas, schemasText } from "./reduced-schemas.ts";

/** The newest first. */
const VERSIONS = ["1.36.2", "1.35.0", "1.34.0"];
const FILE = join(import.meta.dirname, "../../src/manifests/api-server/kubernetes-schemas.json");

const documents = VERSIONS.map((version) => {
  const module = `k8s.io/kubernetes@v${version}`;
  const { Dir } = JSON.parse(
    execFileSync("go", ["mod", "download", "-json", module], { encoding: "utf8" }),
  ) as {
    readonly Dir: string;
  };
  const text = readFileSync(join(Dir, "api/openapi-spec/swagger.json"), "utf8");
  const { definitions } = JSON.parse(text) as { readonly definitions: Definitions };
  return { version: version.split(".", 2).join("."), definitions };
});
const text = schemasText(reducedSchemas(documents));
writeFileSync(FILE, text);
console.log(`Wrote ${FILE}, ${Math.round(text.length / 1e3)} kB`);
