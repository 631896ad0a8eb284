/** `keychain:NAME`, `env:NAME`, `op://vault/item/field`, `pass:name/of/entry`. */
export const SECRET_REFERENCE =
  /^(?:keychain:[A-Za-z_][A-Za-z0-9_]{0,127}|env:[A-Za-z_][A-Za-z0-9_]{0,127}|op:\/\/[^/\p{Cc}]+(?:\/[^/\p{Cc}]+){2,3}|pass:[A-Za-z0-9_.@+][A-Za-z0-9_.@+/ -]{0,254})$/u;

type SecretReference =
  /** A secret that the user keeps in Perch under that name. */
  | { readonly kind: 'keychain'; readonly name: string }
  /** A variable of the user's login shell. */
  | { readonly kind: 'env'; readonly name: string }
  /** A reference that the 1Password command line answers. */
  | { readonly kind: 'op'; readonly reference: string }
  /** The first line of an entry of the password store. */
  | { readonly kind: 'pass'; readonly entry: string };

/** Undefined: it is none. */
export function parseSecretReference(text: string): SecretReference | undefined {
  if (!SECRET_REFERENCE.test(text)) return undefined;
  if (text.startsWith('op://')) return { kind: 'op', reference: text };
  const name = text.slice(text.indexOf(':') + 1);
  if (text.startsWith('keychain:')) return { kind: 'keychain', name };
  if (text.startsWith('env:')) return { kind: 'env', name };
  // `pass` would go out of its store.
  return name.split('/').includes('..') ? undefined : { kind: 'pass', entry: name };
}
