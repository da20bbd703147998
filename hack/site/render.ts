// Renders docs into the site's files; `build.ts` runs it and judges what it prints and writes.
import { build } from "@rspress/core";
import { DOCS, site } from "./site.ts";

await build({ docDirectory: DOCS, config: site() });
