/**
 * Order of versions as npm has it (semver.org): numbers by size, a release after its pre-releases. A leading `v` and
 * build metadata count for nothing; what is no number is compared as text.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return compareParts(left.release, right.release) || comparePre(left.pre, right.pre);
}

interface Parts {
  readonly release: readonly string[];
  readonly pre: readonly string[];
}

function partsOf(version: string): Parts {
  const [plain = ''] = version.replace(/^v/, '').split('+');
  const dash = plain.indexOf('-');
  const release = dash === -1 ? plain : plain.slice(0, dash);
  return { release: release.split('.'), pre: dash === -1 ? [] : plain.slice(dash + 1).split('.') };
}

function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  return compareParts(a, b);
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = comparePart(a[index] ?? '', b[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers come before words; a part that is missing comes first. */
function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [NUMBER.test(a), NUMBER.test(b)];
  if (left && right) return Math.sign(Number(a) - Number(b));
  if (a === '' || b === '') return a === '' ? -1 : 1;
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : 1;
}

const NUMBER = /^\d+$/;
