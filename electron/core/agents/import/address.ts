/** A repository on GitHub, as a person named it. */
export interface RepositoryAddress {
  readonly owner: string;
  readonly repository: string;
  /**
   * The part after `tree` or `blob` in an address: a branch, tag or commit, and a path in it. A branch may have
   * slashes.
   */
  readonly within: { readonly kind: 'tree' | 'blob'; readonly segments: readonly string[] } | undefined;
}

const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/;
const REPOSITORY = /^[A-Za-z0-9._-]{1,100}$/;
const PLAIN_SEGMENT = /^[^\p{Cc}\\?#%]{1,255}$/u;

/**
 * `owner/repo`, `https://github.com/owner/repo(.git)(/tree/branch/path)`, `git@github.com:owner/repo.git` and the same
 * with `ssh://`. Undefined for anything else, an address with a user's name or password in it too.
 */
export function parseRepository(text: string): RepositoryAddress | undefined {
  const path = pathOf(text.trim());
  if (path === undefined) return undefined;
  const [owner = '', named = '', kind, ...segments] = path.split('/');
  const repository = named.replace(/\.git$/, '');
  if (!OWNER.test(owner) || !REPOSITORY.test(repository) || /^\.+$/.test(repository)) return undefined;
  if (kind === undefined) return { owner, repository, within: undefined };
  if (kind !== 'tree' && kind !== 'blob') return undefined;
  const isPlain = segments.every((segment) => PLAIN_SEGMENT.test(segment) && segment !== '.' && segment !== '..');
  return segments.length > 0 && isPlain ? { owner, repository, within: { kind, segments } } : undefined;
}

/** The part after the host, without slashes around it. */
function pathOf(text: string): string | undefined {
  const byName = /^git@github\.com:(.+)$/i.exec(text)?.[1] ?? /^ssh:\/\/git@github\.com\/(.+)$/i.exec(text)?.[1];
  if (byName !== undefined) return trimmed(byName);
  if (!text.includes(':')) return trimmed(text);
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.port !== '') return undefined;
  if (!/^(?:www\.)?github\.com$/i.test(url.hostname) || url.username !== '' || url.password !== '') return undefined;
  try {
    return trimmed(decodeURIComponent(url.pathname));
  } catch {
    return undefined;
  }
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}
