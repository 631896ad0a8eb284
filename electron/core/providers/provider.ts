import { defined } from '../../../shared/defined.ts';
import type { Dialect, ProviderView } from '../../../shared/model/provider.ts';
import { overriddenBaseUrl } from './base-url.ts';
import { ownsModel } from './model-owner.ts';
import type { Login, ProviderFile, ProviderVariable } from './schema.ts';

/** Values of a provider's variables, for endpoints that name some: a region, a resource. */
export type VariableValues = ReadonlyMap<string, string>;

/** A provider with the user's own endpoint applied. */
export interface Provider extends Omit<ProviderFile, 'endpoints'> {
  readonly providerId: string;
  readonly dialects: readonly Dialect[];
  readonly defaultVariable: string | undefined;
  /** The user's own endpoint, as it was given. */
  readonly override: string | undefined;
  /** The user's own OAuth client, for a sign-in. */
  readonly loginClientId: string | undefined;
  /**
   * Undefined when the provider does not speak the dialect, or when the address needs a variable that `values`
   * does not have.
   */
  baseUrl(dialect: Dialect, values?: VariableValues): string | undefined;
  /**
   * Where such a request goes. Undefined when there is none, or when it would go to an address of the registry's while
   * the user has an endpoint of their own: a value is sent nowhere else.
   */
  requestUrl(request: 'liveness' | 'modelList', values?: VariableValues): string | undefined;
  ownsModel(model: string): boolean;
}

export function createProvider(
  providerId: string,
  file: ProviderFile,
  own: { baseUrl: string | undefined; loginClientId: string | undefined },
): Provider {
  const override = own.baseUrl;
  const { endpoints, ...rest } = file;
  const baseUrl: Provider['baseUrl'] = (dialect, values) => {
    const registry = endpoints[dialect];
    if (registry === undefined) return undefined;
    return override === undefined ? fill(registry, values) : overriddenBaseUrl(dialect, { override, registry });
  };
  return {
    ...rest,
    providerId,
    // The schema lets only dialects be keys.
    dialects: Object.keys(endpoints) as Dialect[],
    defaultVariable: defaultVariable(file.alternatives[0] ?? [], file.variables),
    override,
    loginClientId: own.loginClientId,
    baseUrl,
    requestUrl(request, values) {
      const at = file[request]?.at;
      if (at === undefined) return undefined;
      if ('url' in at) return override === undefined ? fill(at.url, values) : undefined;
      const base = baseUrl(at.dialect, values);
      return base === undefined ? undefined : base + at.path;
    },
    ownsModel: (model) => ownsModel(file.ownedModels, model),
  };
}

function defaultVariable(alternative: readonly string[], variables: readonly ProviderVariable[]): string | undefined {
  return alternative.find((name) => variables.some((variable) => variable.name === name && variable.kind !== 'plain'));
}

function fill(address: string, values: VariableValues | undefined): string | undefined {
  let complete = true;
  const filled = address.replace(/\{([^}]*)\}/g, (_, name: string) => {
    const value = values?.get(name) ?? '';
    // The value becomes part of a host name: nothing in it may end the host.
    if (!/^[A-Za-z0-9-]+$/.test(value)) complete = false;
    return value;
  });
  return complete ? filled : undefined;
}

export function toProviderView(provider: Provider): ProviderView {
  const [dialect] = provider.dialects;
  const baseUrl = provider.override ?? (dialect === undefined ? undefined : provider.baseUrl(dialect));
  return {
    providerId: provider.providerId,
    name: provider.name,
    credentialAlternatives: provider.alternatives,
    credentialRequired: provider.credentialRequired,
    ...defined({ defaultVariable: provider.defaultVariable }),
    variables: provider.variables,
    ...(provider.login === undefined ? {} : { login: loginView(provider.login, provider.loginClientId) }),
    ...defined({ keyPage: provider.keyPage, billingPage: provider.billingPage }),
    keyShapes: provider.keyShapes.map(({ pattern, kind, prefix, minLength }) => ({ pattern, kind, prefix, minLength })),
    ...defined({ baseUrl }),
    baseUrlSource: provider.override === undefined ? 'registry' : 'user',
    models: provider.models,
  };
}

function loginView(login: Login, own: string | undefined): NonNullable<ProviderView['login']> {
  const takesClientId = login.flow === 'device' || login.form === 'oauth';
  return {
    flow: login.flow,
    variable: login.variable,
    takesClientId,
    hasClientId: !takesClientId || (own ?? login.clientId) !== undefined,
    ...defined({ ownClientId: own, registerPage: login.registerPage }),
  };
}
