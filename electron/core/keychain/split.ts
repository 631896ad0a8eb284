/** The Windows Credential Manager takes 2,560 bytes of UTF-16. The same pieces everywhere: one rule to test. */
const MAX_ITEM_UNITS = 1280;

/** Cuts a value into keychain items. Never between the halves of a surrogate pair: stores that keep UTF-8 break them. */
export function splitValue(value: string, maxUnits = MAX_ITEM_UNITS): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < value.length) {
    let end = Math.min(value.length, at + maxUnits);
    if (end < value.length && isHighSurrogate(value.charCodeAt(end - 1))) end--;
    parts.push(value.slice(at, end));
    at = end;
  }
  return parts;
}

/** Undefined when an item is missing: a half-written set is not a value. */
export function joinParts(parts: readonly (string | null)[]): string | undefined {
  return parts.length === 0 || parts.includes(null) ? undefined : parts.join('');
}

/** Names of a credential's items in the keychain. */
export function itemAccounts(credentialId: string, items: number): string[] {
  return Array.from({ length: items }, (_, index) => `${credentialId}.${index + 1}`);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
