// Serves docs as a site while they are written: a page that is saved is shown at once.
import { dev } from "@rspress/core";
import { DOCS, site } from "./site.ts";

await dev({ docDirectory: DOCS, config: site() });
