// Shell scripts that containers run: in their arguments, or mounted from a ConfigMap.
import type { Field } from "./field.ts";
import type { Inventory } from "./inventory.ts";
import type { Container, Workload } from "./workload.ts";

export interface ShellScript {
  readonly text: string;
  /** The argument that holds it, or names it. */
  readonly field: Field;
}

const SHELL = /(^|\/)(sh|bash|ash|dash)$/;

/** The argument after -c of a shell, and files of mounted ConfigMaps that the command names. */
export function scriptsOf(
  { field: container }: Container,
  workload: Workload,
  inventory: Inventory,
): readonly ShellScript[] {
  const words = [...container.at("command").items(), ...container.at("args").items()];
  const shell = words.findIndex(({ text }) => SHELL.test(text ?? ""));
  const flag = words.findIndex(({ text }, index) => index > shell && /^-[a-z]*c[a-z]*$/.test(text ?? ""));
  const inline = shell < 0 || flag < 0 ? undefined : words[flag + 1];
  const mounted = mountedFiles(container, workload, inventory);
  return [
    ...(inline?.text === undefined ? [] : [{ text: inline.text, field: inline }]),
    ...words.flatMap((field) =>
      mounted.filter(({ name }) => field.text?.includes(`/${name}`)).map(({ text }) => ({ text, field })),
    ),
  ];
}

interface MountedFile {
  readonly name: string;
  readonly text: string;
}

/** Files that are shell scripts by their name or first line. */
function mountedFiles(
  container: Field,
  { template, manifest }: Workload,
  inventory: Inventory,
): readonly MountedFile[] {
  const mounts = new Set(
    container
      .at("volumeMounts")
      .items()
      .map((mount) => mount.at("name").text),
  );
  const maps = template
    .at("spec", "volumes")
    .items()
    .filter((volume) => mounts.has(volume.at("name").text))
    .map((volume) => volume.at("configMap", "name").text);
  return maps
    .flatMap((name) => inventory.find(manifest.scope, "", "ConfigMap", name) ?? [])
    .flatMap(({ root }) => Object.entries(root.at("data").texts()))
    .filter(([name, text]) => name.endsWith(".sh") || /^#!.*\b(ba|da|a)?sh\b/.test(text))
    .map(([name, text]) => ({ name, text }));
}
