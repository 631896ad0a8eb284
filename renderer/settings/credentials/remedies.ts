import type { Finding } from '../../../shared/credentials/finding.ts';
import type { PasteInspection } from '../../../shared/credentials/paste.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import type { Draft } from './draft.ts';

/** One click that repairs a finding: the words on the button, and what it changes. */
export interface Remedy {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  readonly patch: Partial<Draft>;
}

export function remediesOf(
  { key, values }: Finding,
  { joined, unwrapped }: Pick<PasteInspection, 'joined' | 'unwrapped'>,
  providers: readonly ProviderView[],
): Remedy[] {
  switch (key) {
    case 'paste.interior-lines':
    case 'paste.interior-blanks':
    case 'paste.no-break-spaces':
    case 'paste.zero-width':
      return joined === undefined ? [] : [{ key: 'paste.join', values: {}, patch: { value: joined } }];
    case 'paste.assignment':
    case 'paste.quotes':
      return unwrapped === undefined ? [] : [{ key: 'paste.unwrap', values: {}, patch: { value: unwrapped } }];
    case 'paste.other-provider':
      return providersNamed(String(values.other ?? ''), providers).map(({ providerId, name }) => ({
        key: 'paste.switch',
        values: { provider: name },
        patch: { providerId, variable: '' },
      }));
    case 'paste.oauth-token':
    case 'paste.api-key': {
      const variable = String(values.fitting ?? '');
      return variable === '' ? [] : [{ key: 'paste.useVariable', values: { variable }, patch: { variable } }];
    }
    default:
      return [];
  }
}

/** A shape may fit several providers: their names come in one value, separated by commas. */
function providersNamed(names: string, providers: readonly ProviderView[]): ProviderView[] {
  const wanted = names.split(', ');
  return providers.filter(({ name }) => wanted.includes(name));
}
