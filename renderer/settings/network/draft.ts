import type { Params } from '../../../shared/contract/methods.ts';
import { defined } from '../../../shared/defined.ts';
import type { DetectedNetwork, OwnProxy } from '../../../shared/model/network.ts';

/** The form's content. An empty password keeps the stored one. */
export interface ProxyDraft {
  readonly url: string;
  readonly userName: string;
  readonly password: string;
  /** The core has the one that the login shell said. */
  readonly detected: boolean;
  readonly sessionOnly: boolean;
  /** The typed text: lines, spaces and commas between the hosts. */
  readonly exceptions: string;
}

export function draftOf(proxy: OwnProxy | undefined): ProxyDraft {
  return {
    url: proxy?.url ?? '',
    userName: proxy?.userName ?? '',
    password: '',
    detected: false,
    sessionOnly: proxy?.password === 'session-only',
    exceptions: (proxy?.exceptions ?? []).join('\n'),
  };
}

export function draftOfDetected({ url, userName, hasPassword, exceptions }: NonNullable<DetectedNetwork['proxy']>) {
  return {
    ...draftOf({ url, password: 'none', exceptions, ...defined({ userName }) }),
    detected: hasPassword,
  };
}

/** The password stays with the address and the user name that it was given for. */
export function keepsPassword(draft: ProxyDraft, proxy: OwnProxy | undefined): boolean {
  if (proxy === undefined || proxy.password === 'none') return false;
  return draft.url.trim() === proxy.url && draft.userName.trim() === (proxy.userName ?? '');
}

export function paramsOf(draft: ProxyDraft, proxy: OwnProxy | undefined): Params<'network.setProxy'> {
  const userName = draft.userName.trim();
  return {
    url: draft.url,
    ...(userName === '' ? {} : { userName }),
    password: userName === '' ? { from: 'none' } : passwordOf(draft, proxy),
    storage: draft.sessionOnly ? 'session-only' : 'keychain',
    exceptions: draft.exceptions.split(/[\s,]+/).filter((text) => text !== ''),
  };
}

function passwordOf(draft: ProxyDraft, proxy: OwnProxy | undefined): Params<'network.setProxy'>['password'] {
  if (draft.password !== '') return { from: 'typed', value: draft.password };
  if (draft.detected) return { from: 'detected' };
  return { from: keepsPassword(draft, proxy) ? 'kept' : 'none' };
}
