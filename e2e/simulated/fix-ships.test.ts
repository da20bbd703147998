// After a rollback the release that fixes it is shipped as always, by each program that ships releases: on the simulated cluster.
// On real clusters: npm run e2e -- --suite appliers.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FIX_STORIES } from "../appliers/fix-stories.ts";
import { kubectlFor } from "../installed/kubectl.ts";
import { startWorld, type World } from "../testing/world.ts";

const TIME_SCALE = 20;

describe("the fix ships without force, and nothing is left behind,", () => {
  let folder: string;
  let world: World;
  let ends: ReadonlyMap<string, Promise<void>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rolloutguard-appliers-"));
    world = await startWorld({ timeScale: TIME_SCALE });
    await world.startOperator();
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, world.cluster.kubeconfig());
    const site = {
      kubeconfig,
      kubectl: kubectlFor(kubeconfig),
      imageOf: (tag: string) => `shop:${tag}`,
      suffix: "",
      command: (namespace: string, args: readonly string[]) => world.command(namespace, args),
    };
    ends = new Map(FIX_STORIES.map((story) => [story.name, story.play(site)]));
    // Each is awaited by its test, which may come later than its failure.
    for (const end of ends.values()) end.catch(() => {});
  });

  after(async () => {
    await Promise.allSettled(ends.values());
    await world.stop();
    await rm(folder, { recursive: true });
  });

  for (const { title, name } of FIX_STORIES) it(title, () => ends.get(name));
});
