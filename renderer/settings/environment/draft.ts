import { inspectPaste } from '../../../shared/credentials/paste.ts';
import { tokensIn } from '../../../shared/credentials/token-shapes.ts';
import type { PerchError } from '../../../shared/errors/perch-error.ts';
import type { ProviderView } from '../../../shared/model/provider.ts';
import type { VariableStorage, VariableView } from '../../../shared/model/variable.ts';
import { roomProblem, valueProblem } from '../../../shared/variables/check.ts';
import { isSecretLikeName } from '../../../shared/variables/secret-names.ts';
import { ownerOf, problemOfName } from './names.ts';

/** The form's content while it is filled in. A secret is here and nowhere else, and goes as soon as it is stored. */
export interface VariableDraft {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly sessionOnly: boolean;
}

export const EMPTY_DRAFT: VariableDraft = { name: '', value: '', secret: true, sessionOnly: false };

/** To replace one: the value of a plain one is there to be edited. */
export function draftOf({ name, storage, shown }: VariableView): VariableDraft {
  const secret = storage !== 'plain';
  return { name, value: secret ? '' : shown, secret, sessionOnly: storage === 'session-only' };
}

export function storageOf({ secret, sessionOnly }: Pick<VariableDraft, 'secret' | 'sessionOnly'>): VariableStorage {
  if (!secret) return 'plain';
  return sessionOnly ? 'session-only' : 'keychain';
}

export interface Judgement {
  /** The provider whose credential the variable becomes. */
  readonly provider: ProviderView | undefined;
  readonly name: PerchError | undefined;
  readonly value: PerchError | undefined;
  readonly room: PerchError | undefined;
  /** Says that a value which is to be kept readable is a secret: its name, or its shape. A hint, never a bar. */
  readonly looksSecret: 'name' | 'value' | undefined;
  readonly complete: boolean;
}

/** Repeats the core's checks while the user types. An empty field gets no finding. */
export function judge(
  draft: VariableDraft,
  {
    providers,
    ofScope,
    scope,
  }: { providers: readonly ProviderView[]; ofScope: readonly VariableView[]; scope: string },
): Judgement {
  const { name, value } = draft;
  const provider = ownerOf(name, providers);
  const secret = draft.secret || provider !== undefined;
  const held = ofScope.filter((other) => other.name !== name).length;
  const problems = {
    name: name === '' || provider !== undefined ? undefined : problemOfName(name),
    value: value === '' ? undefined : valueProblem({ name, value, storage: storageOf({ ...draft, secret }) }),
    room: provider === undefined ? roomProblem(held, scope) : undefined,
  };
  const isFree =
    Object.values(problems).every((problem) => problem === undefined) && !isBarred(draft, provider, providers);
  const looksSecret = secret ? undefined : secretBy(draft, providers);
  return { provider, ...problems, looksSecret, complete: isFree && name !== '' && (!secret || value !== '') };
}

function secretBy({ name, value }: VariableDraft, providers: readonly ProviderView[]): Judgement['looksSecret'] {
  if (value === '') return undefined;
  if (tokensIn(value, providers).length > 0) return 'value';
  return isSecretLikeName(name) ? 'name' : undefined;
}

/** What is said beside the field bars it as a provider's credential. */
function isBarred(
  { name, value }: VariableDraft,
  provider: ProviderView | undefined,
  providers: readonly ProviderView[],
): boolean {
  if (provider === undefined) return false;
  return inspectPaste(value, { provider, providers, variable: name }).findings.some(({ level }) => level === 'error');
}
