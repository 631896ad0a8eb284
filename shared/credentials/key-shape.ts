import type { ProviderView } from '../model/provider.ts';
import { type Finding, finding } from './finding.ts';
import type { PasteContext } from './paste.ts';

/** The context of a paste for a known provider. */
type PasteFor = PasteContext & { readonly provider: ProviderView };
type KeyShape = ProviderView['keyShapes'][number];

/** Where terminals end a line: a text of exactly this length was probably copied up to the edge. */
const TERMINAL_COLUMNS = [79, 80, 99, 100, 119, 120, 131, 132];

/** Says which provider's token this looks like, and whether it is whole. A hint, never a bar. */
export function inspectShape(token: string, context: PasteFor): Finding[] {
  const { provider } = context;
  const own = closest(token, provider);
  if (own !== undefined && fits(token, own)) return [rightShape(own, context)];

  const others = context.providers.filter((other) => other.providerId !== provider.providerId);
  const whole = best(others, (other) => {
    const shape = closest(token, other);
    return shape !== undefined && fits(token, shape) ? startOf(shape) : 0;
  });
  if (whole.length > 0) return [otherProvider(whole, provider)];

  const cut = best([provider, ...others], (other) => startOf(closest(token, other)));
  if (cut.length > 0 && !cut.includes(provider)) return [otherProvider(cut, provider)];
  const minLength = own?.minLength;
  if (minLength !== undefined && token.length < minLength) return [truncated(token, minLength)];
  if (TERMINAL_COLUMNS.includes(token.length)) return [finding('paste.maybe-cut', 'warn', { length: token.length })];
  return provider.keyShapes.length === 0 ? [] : [finding('paste.unknown-shape', 'info', { provider: provider.name })];
}

/** The longest of the shapes that begin like the token; whole ones come before others. */
function closest(token: string, provider: ProviderView): KeyShape | undefined {
  const starting = provider.keyShapes.filter((shape) => startOf(shape) > 0 && token.startsWith(shape.prefix ?? ''));
  const longest = Math.max(0, ...starting.map(startOf));
  const candidates = starting.filter((shape) => startOf(shape) === longest);
  return candidates.find((shape) => fits(token, shape)) ?? candidates[0];
}

function startOf(shape: KeyShape | undefined): number {
  return shape?.prefix?.length ?? 0;
}

function fits(token: string, shape: KeyShape): boolean {
  return new RegExp(shape.pattern).test(token);
}

/** The providers with the highest score above 0. */
function best(providers: readonly ProviderView[], score: (provider: ProviderView) => number): ProviderView[] {
  const scored = providers.map((provider) => ({ provider, score: score(provider) }));
  const highest = Math.max(0, ...scored.map((entry) => entry.score));
  return highest === 0 ? [] : scored.filter((entry) => entry.score === highest).map((entry) => entry.provider);
}

function otherProvider(others: readonly ProviderView[], provider: ProviderView): Finding {
  const names = others.map((other) => other.name).join(', ');
  return finding('paste.other-provider', 'warn', { other: names, provider: provider.name });
}

function truncated(token: string, minLength: number): Finding {
  const values = { length: token.length, minLength };
  return finding(
    TERMINAL_COLUMNS.includes(token.length) ? 'paste.truncated-at-column' : 'paste.truncated',
    'warn',
    values,
  );
}

/** The right provider; but a login's token and a key are sent in different ways, under different variables. */
function rightShape(shape: KeyShape, { provider, variable = provider.defaultVariable }: PasteFor): Finding {
  const kind = provider.variables?.find((known) => known.name === variable)?.kind;
  const fitting = provider.variables?.find((known) => known.kind === shape.kind)?.name;
  const mixedUp =
    (shape.kind === 'oauth-token' && kind === 'api-key') || (shape.kind === 'api-key' && kind === 'oauth-token');
  if (mixedUp && fitting !== undefined && variable !== undefined) {
    return finding(shape.kind === 'oauth-token' ? 'paste.oauth-token' : 'paste.api-key', 'warn', { variable, fitting });
  }
  return finding('paste.right-shape', 'info', { provider: provider.name });
}
