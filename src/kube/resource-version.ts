// Resource versions: which of two versions of an object is older.

const NUMBER = /^[0-9]{1,30}$/;

/** Whether the version is older than the other one. False where one of them is not a number: then nobody can know. */
export function isOlder(version: string, than: string): boolean {
  return NUMBER.test(version) && NUMBER.test(than) && BigInt(version) < BigInt(than);
}
