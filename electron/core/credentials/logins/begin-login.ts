import type { Params } from '../../../../shared/contract/methods.ts';
import { PerchError } from '../../../../shared/errors/perch-error.ts';
import type { LoginView } from '../../../../shared/model/login.ts';
import type { Clock } from '../../../node/clock.ts';
import { errorOf } from '../../keychain/keyring-error.ts';
import type { Fetch } from '../../network/fetch.ts';
import type { Random } from '../../ports.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Login } from '../../providers/schema.ts';
import type { CredentialService } from '../credential-service.ts';
import { browserFlow } from './browser-flow.ts';
import { deviceFlow } from './device-flow.ts';
import type { CallbackText, Flow, FlowOptions } from './flow.ts';
import { createRequest } from './request.ts';

export interface BegunLogin {
  readonly flow: Flow;
  readonly view: LoginView;
}

export interface LoginParts {
  readonly registry: { get(providerId: string): Provider };
  readonly credentials: Pick<CredentialService, 'checkHealth'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  readonly page: () => CallbackText;
}

/**
 * Brings a sign-in to where the user has to agree at the provider.
 * @throws PerchError PROVIDER_UNKNOWN, SIGN_IN_*, KEYCHAIN_*, and the reason of `signal`
 */
export async function beginLogin(
  params: Params<'logins.start'>,
  { signal, mask }: Pick<FlowOptions, 'signal' | 'mask'>,
  { registry, credentials, clock, random, fetch, page }: LoginParts,
): Promise<BegunLogin> {
  const provider = registry.get(params.providerId);
  const { login, clientId } = loginOf(provider);
  if (params.storage === 'keychain') await keychainWorks(credentials);
  signal.throwIfAborted();
  const flow = await startFlow(login, {
    provider: provider.name,
    clientId,
    clock,
    request: createRequest({ clock, signal, provider: provider.name, fetch }),
    signal,
    mask,
    page,
  });
  signal.throwIfAborted();
  const { variable } = login;
  return { flow, view: { loginId: random.uuid(), ...params, variable, phase: flow.shown } };
}

function startFlow(login: Login, options: FlowOptions): Promise<Flow> {
  return login.flow === 'browser' ? browserFlow(login, options) : deviceFlow(login, options);
}

/** @throws PerchError SIGN_IN_NOT_OFFERED, SIGN_IN_CLIENT_ID_MISSING */
function loginOf({ providerId, name, login, loginClientId }: Provider): {
  login: Login;
  clientId: string | undefined;
} {
  if (login === undefined) throw new PerchError('SIGN_IN_NOT_OFFERED', { provider: name });
  if (login.flow === 'browser' && login.form === 'key-for-code') return { login, clientId: undefined };
  const clientId = loginClientId ?? login.clientId;
  if (clientId === undefined) {
    throw new PerchError('SIGN_IN_CLIENT_ID_MISSING', { provider: name, providerId, page: login.registerPage ?? '' });
  }
  return { login, clientId };
}

/** A token that cannot be kept is not requested: the provider would count one that is lost. */
async function keychainWorks(credentials: LoginParts['credentials']): Promise<void> {
  const problem = errorOf(await credentials.checkHealth());
  if (problem !== undefined) throw problem;
}
