import { assertNever } from '../../../shared/assert-never.ts';
import type { AppStateSlice } from '../../../shared/contract/state.ts';
import type { BaseUrlStore } from '../providers/registry.ts';
import type { SettingsChange, SettingsService } from '../settings/settings.ts';

/** A project and a chosen agent decide what the agents' views and the connection say. */
export function slicesOf(change: SettingsChange): AppStateSlice[] {
  switch (change.kind) {
    case 'settings':
      return ['settings', 'declaration', 'agents', 'connection'];
    case 'agent':
      return ['agents', 'connection'];
    // The registry tells of this one itself.
    case 'provider':
      return [];
    default:
      return assertNever(change);
  }
}

/** The providers' addresses that the user set, among the settings. */
export function baseUrlsIn(settings: SettingsService): BaseUrlStore {
  return {
    get: (providerId) => settings.baseUrls().get(providerId),
    set: settings.setBaseUrl,
    reset: settings.resetBaseUrl,
  };
}
