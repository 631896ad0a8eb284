import type { ErrorCode } from '../../../shared/errors/codes.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { KeychainHealth } from '../../../shared/model/keychain.ts';

/** The texts come from the native part; they say nothing of any value. Linux ones were seen with the real daemon. */
const MEANINGS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/prompt was dismissed|prompt dismissed|before prompt completed|user cancell?ed/i, 'KEYCHAIN_PROMPT_DISMISSED'],
  [/object locked|interaction is not allowed|-25308/i, 'KEYCHAIN_LOCKED'],
  [/rejected send message|access ?denied|not authori[sz]ed|-25293|-25244|access is denied/i, 'KEYCHAIN_DENIED'],
  // A bus that is not there, a bus that knows no such service.
  [
    /autolaunch|failed to connect to socket|connection refused|bad address|could not parse server address/i,
    'KEYCHAIN_ABSENT',
  ],
  [
    /not provided by any|serviceunknown|spawn\.|namehasnoowner|no dbus session|no secret service provider/i,
    'KEYCHAIN_ABSENT',
  ],
  [/no default store/i, 'KEYCHAIN_ABSENT'],
  // The answer of the native part to a Secret Service whose alias `default` names no collection.
  [/no result found/i, 'KEYCHAIN_NO_COLLECTION'],
];

/** `canPrompt`: whether the store could show a question at all. Where it cannot, "dismissed" only means locked. */
export function explainKeyringError(error: unknown, { canPrompt }: { canPrompt: boolean }): PerchError {
  if (error instanceof PerchError) return error;
  const text = error instanceof Error ? error.message : '';
  const meaning = MEANINGS.find(([pattern]) => pattern.test(text))?.[1] ?? 'KEYCHAIN_FAILED';
  const code = meaning === 'KEYCHAIN_PROMPT_DISMISSED' && !canPrompt ? 'KEYCHAIN_LOCKED' : meaning;
  return new PerchError(code, {}, { cause: error });
}

/** The state that a failed call reveals. Undefined: the error is not the keychain's. */
export function healthOf(error: unknown): KeychainHealth | undefined {
  if (!(error instanceof PerchError)) return undefined;
  switch (error.code) {
    case 'KEYCHAIN_ABSENT':
      return { state: 'absent' };
    case 'KEYCHAIN_NO_COLLECTION':
      return { state: 'no-collection' };
    case 'KEYCHAIN_LOCKED':
      return { state: 'locked' };
    case 'KEYCHAIN_PROMPT_DISMISSED':
      return { state: 'prompt-dismissed' };
    case 'KEYCHAIN_DENIED':
      return { state: 'denied' };
    case 'KEYCHAIN_FAILED':
      return { state: 'failed' };
    default:
      return undefined;
  }
}

/** The error that a state of health stands for. Undefined: the store can be used, as far as is known. */
export function errorOf(health: KeychainHealth): PerchError | undefined {
  switch (health.state) {
    case 'unknown':
    case 'available':
      return undefined;
    case 'locked':
      return new PerchError('KEYCHAIN_LOCKED');
    case 'prompt-dismissed':
      return new PerchError('KEYCHAIN_PROMPT_DISMISSED');
    case 'absent':
      return new PerchError('KEYCHAIN_ABSENT');
    case 'no-collection':
      return new PerchError('KEYCHAIN_NO_COLLECTION');
    case 'denied':
      return new PerchError('KEYCHAIN_DENIED');
    case 'changed':
      return new PerchError('KEYCHAIN_CHANGED', { previous: health.previous, current: health.current });
    case 'failed':
      return new PerchError('KEYCHAIN_FAILED');
  }
}
