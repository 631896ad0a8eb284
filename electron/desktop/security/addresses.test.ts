import { describe, expect, test } from 'vitest';
import { hostsOf, isWindowAddress, isWindowFile, outsideAddress } from './addresses.ts';

describe('window addresses', () => {
  test.each(['app://perch/', 'app://perch/index.html', 'app://perch/#/settings/credentials', 'APP://perch/?x'])(
    '%s is ours',
    (address) => expect(isWindowAddress(address)).toBe(true),
  );

  test.each([
    '',
    'about:blank',
    'app:perch',
    'app://',
    'app://evil/',
    'app://perch.evil/',
    'app://perch@evil/',
    'app://user@perch/',
    'app://user:pass@perch/',
    'app://perch:8080/',
    'app://perch./',
    'app://xn--perch-abc/',
    'apps://perch/',
    'https://perch/',
    'file:///app://perch/',
    'javascript:location="app://perch/"',
    'data:text/html,app://perch/',
    'blob:app://perch/8b0e762',
    'chrome://settings',
    'devtools://devtools/bundled/inspector.html',
  ])('%s is not', (address) => expect(isWindowAddress(address)).toBe(false));
});

describe('files of the window', () => {
  test('what our own page made', () => expect(isWindowFile('blob:app://perch/8b0e762')).toBe(true));

  test.each([
    'app://perch/8b0e762',
    'blob:https://perch/8b0e762',
    'blob:app://perch.evil/8b0e762',
    'blob:app://perch@evil/8b0e762',
    'blob:blob:app://perch/8b0e762',
    'blob:null/8b0e762',
    'data:application/json,{}',
    'filesystem:app://perch/temporary/x',
    'blob:',
  ])('not %s', (address) => expect(isWindowFile(address)).toBe(false));
});

describe('outside addresses', () => {
  const known = hostsOf(['https://platform.openai.com/api-keys', undefined, 'http://plain.test/', 'not an address']);

  test('the hosts that Perch names', () => {
    expect([...known]).toEqual(['platform.openai.com']);
    expect(outsideAddress('https://platform.openai.com/api-keys?x=1#y', known)).toBe(
      'https://platform.openai.com/api-keys?x=1#y',
    );
  });

  test.each([
    'http://platform.openai.com/',
    'https://platform.openai.com.evil.test/',
    'https://evil.test/platform.openai.com',
    'https://platform.openai.com@evil.test/',
    'https://user@platform.openai.com/',
    'https://platform.openai.com:8443/',
    'https://platform.openai.com./',
    'https://sub.platform.openai.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://platform.openai.com/share',
    'ms-msdt:/id',
    'app://perch/',
    '',
  ])('not %s', (address) => expect(outsideAddress(address, known)).toBeUndefined());
});
