import type { Finding } from '../../shared/credentials/finding.ts';
import { maskValue } from '../../shared/credentials/masking.ts';
import type { PasteInspection, Repair } from '../../shared/credentials/paste.ts';
import type { ProviderView } from '../../shared/model/provider.ts';
import type { Draft } from './draft.ts';

/** A click that repairs a finding: the words on the button, and the change. */
export interface Remedy {
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly patch: Partial<Draft>;
}

export function remediesOf(
  { key, values }: Finding,
  { repairs }: Pick<PasteInspection, 'repairs'>,
  providers: readonly ProviderView[],
): Remedy[] {
  switch (key) {
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
      return repairs.filter(({ of }) => of === key).map(remedyOf);
  }
}

function remedyOf({ kind, text }: Repair, index: number): Remedy {
  const values = kind === 'use-one' ? { number: index + 1, masked: maskValue(text) } : {};
  return { key: `paste.${kind}`, values, patch: { value: text } };
}

/** A shape may fit several providers: their names come in one value, separated by commas. */
function providersNamed(names: string, providers: readonly ProviderView[]): ProviderView[] {
  const wanted = names.split(', ');
  return providers.filter(({ name }) => wanted.includes(name));
}
