import type { RedactionShape } from './shapes.ts';

const WORD = 'A-Za-z0-9_';
const TOKEN = 'A-Za-z0-9._~+/=-';
/** A header's value ends with its line, or with the quote it stands in. */
const HEADER_VALUE = '^\\r\\n"\'\\\\';
/** A mention in prose ("bearer authentication") has neither a digit nor this length. */
const LOOKS_RANDOM = '.{7}(?:(?=[^0-9]{0,40}[0-9]).{8}|.{20})';

const SECRET_HEADERS = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key', 'cookie'] as const;
/**
 * The characters after a header's name: in HTTP, in JSON with and without a space, in Node's printing of objects, and
 * in escaped JSON.
 */
const AFTER_HEADER_NAME = [':', '": "', '":"', "': '", '\\":\\"', '\\": \\"'] as const;

const headers: RedactionShape[] = SECRET_HEADERS.flatMap((name) =>
  AFTER_HEADER_NAME.map((separator) => ({
    lead: `${name}${separator}`,
    chars: HEADER_VALUE,
    min: 1,
    ignoreCase: true,
    keepLead: true,
  })),
);

/**
 * Tokens of no provider in the registry, or of git before any provider. The shapes of providers' keys come from the
 * registry.
 */
export const GENERAL_SHAPES: readonly RedactionShape[] = [
  ...headers,
  { lead: 'bearer ', chars: TOKEN, min: 8, pattern: LOOKS_RANDOM, window: 64, ignoreCase: true, keepLead: true },
  {
    lead: 'eyJ',
    chars: 'A-Za-z0-9_.-',
    min: 24,
    pattern: 'eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.',
    window: 4096,
  },
  {
    lead: '-----BEGIN ',
    chars: 'A-Za-z0-9+/=\\s\\\\,:-',
    min: 16,
    pattern: '-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY',
    window: 80,
    end: '-----END',
  },
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((lead) => ({ lead, chars: 'A-Z0-9', min: 16, atWordStart: true })),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((lead) => ({ lead, chars: WORD, min: 30 })),
  { lead: 'github_pat_', chars: WORD, min: 30 },
  { lead: 'glpat-', chars: 'A-Za-z0-9_.-', min: 20 },
  { lead: 'hf_', chars: 'A-Za-z0-9', min: 30, atWordStart: true },
  { lead: 'npm_', chars: 'A-Za-z0-9', min: 36 },
  { lead: 'pypi-AgEIcHlwaS5vcmc', chars: 'A-Za-z0-9_-', min: 16 },
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xapp-'].map((lead) => ({ lead, chars: 'A-Za-z0-9-', min: 16 })),
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'].map((lead) => ({ lead, chars: 'A-Za-z0-9', min: 16 })),
];
