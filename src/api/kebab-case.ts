// How a word of the API becomes the name of its page.

/** "ProbePortNotServed" as "probe-port-not-served". */
export function kebabCase(word: string): string {
  return word.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}
