/** Makes a forgotten case of a union a compile error; reached only when a value lied about its type. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value ${JSON.stringify(value)}`);
}
