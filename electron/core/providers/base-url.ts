import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { Dialect } from '../../../shared/model/provider.ts';
import { isLoopback } from './loopback.ts';

/** Why an endpoint was refused. */
type BaseUrlProblem = 'not-a-url' | 'not-https' | 'http-elsewhere' | 'credentials' | 'query' | 'fragment';

/**
 * An endpoint of the user's, without trailing slashes: https, or http on this machine only.
 * @throws PerchError BASE_URL_INVALID with `reason` and `baseUrl`, what was given without its secret parts
 */
export function parseBaseUrl(text: string): string {
  const invalid = (reason: BaseUrlProblem) => new PerchError('BASE_URL_INVALID', { reason, baseUrl: shown(text) });
  const url = URL.parse(text.trim());
  if (url === null || url.host === '') throw invalid('not-a-url');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('not-https');
  if (url.username !== '' || url.password !== '') throw invalid('credentials');
  // `search` and `hash` are empty for a bare `?` or `#`.
  if (text.includes('#')) throw invalid('fragment');
  if (text.includes('?')) throw invalid('query');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw invalid('http-elsewhere');
  return withoutTrailingSlashes(url.origin + url.pathname);
}

/** User names, passwords and queries may be secret. */
function shown(text: string): string {
  return text
    .trim()
    .replace(/^([^/]*\/\/)?[^/?#]*@/, '$1…@')
    .replace(/[?#].*$/s, '…')
    .slice(0, 200);
}

/**
 * The base of a dialect when the user pointed the provider at `override`. A bare origin gets the path that the
 * registry has for this dialect. A path that ends with the version of one dialect serves the others too: the version
 * is in the base of openai-* and in no other.
 */
export function overriddenBaseUrl(dialect: Dialect, options: { override: string; registry: string }): string {
  const base = withoutTrailingSlashes(options.override);
  const { pathname } = new URL(base);
  if (pathname === '/') return base + pathOf(options.registry);
  const version = VERSION_OUTSIDE_BASE[dialect];
  return version === undefined ? base : withoutTrailingSlashes(base.replace(version, ''));
}

const VERSION_OUTSIDE_BASE: Readonly<Record<Dialect, RegExp | undefined>> = {
  'anthropic-messages': /\/v\d+$/,
  'openai-responses': undefined,
  'openai-chat': undefined,
  gemini: /\/v\d+(?:alpha|beta)\d*$/,
};

/** The registry's addresses may hold `{VARIABLE}`, so they are no URLs yet. */
function pathOf(address: string): string {
  return /^https?:\/\/[^/]*(\/.*)?$/.exec(address)?.[1] ?? '';
}

function withoutTrailingSlashes(text: string): string {
  return text.replace(/\/+$/, '');
}
