import { isWindowAddress } from './addresses.ts';

/**
 * The permissions that the page may ask of Chromium. Writing is for *copy*; reading is for emptying the clipboard after
 * a paste was stored, if it still holds the value. Without a handler Electron would grant everything to every page.
 */
const PERMITTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'clipboard-read']);

/** @param address of the frame that asks; a sub-frame of another origin has another one */
export function isPermitted(permission: string, address: string): boolean {
  return PERMITTED.has(permission) && isWindowAddress(address);
}
