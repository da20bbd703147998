// The version of RolloutGuard, from package.json; the bundle carries it along.
import manifest from "../package.json" with { type: "json" };

export const VERSION = manifest.version;
