import { expect, test } from 'vitest';
import { isDirect } from './direct.ts';

test.each([
  { url: 'http://localhost:8080/', direct: true },
  { url: 'https://127.0.0.9/', direct: true },
  { url: 'http://[::1]:3000/', direct: true },
  { url: 'https://example.com/', direct: false },
  { url: 'https://localhost.example.com/', direct: false },
  { url: 'https://git.internal/', direct: true },
  { url: 'http://git.internal/', direct: true },
  { url: 'https://10.1.2.3:8443/', direct: true },
  { url: 'https://11.1.2.3/', direct: false },
])('$url is direct: $direct', ({ url, direct }) => {
  expect(isDirect(new URL(url), ['*.internal', '10.0.0.0/8'])).toBe(direct);
});
