import { expect, test } from 'vitest';
import { createLooksSecret } from './looks-secret.ts';

const looksSecret = createLooksSecret((text) => text.includes('sk-proj-'));
const TOKEN = 'sk-proj-abcdefghijklmnop0123456789';

test.each([
  TOKEN,
  [...TOKEN].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(''),
  `100% of ${TOKEN}`,
  Buffer.from(TOKEN).toString('base64'),
  Buffer.from(`user:${TOKEN}`).toString('base64url'),
  `Basic ${encodeURIComponent(Buffer.from(`??>${TOKEN}`).toString('base64'))}`,
  'postgres://bob:hunter2@db.example/work',
  'redis://:hunter2@127.0.0.1:6379',
])('%s looks like a secret', (text) => {
  expect(looksSecret(text)).toBe(true);
});

test.each([
  'a sentence with 100% of its words',
  'https://example.com:8443/path@2',
  'postgres://bob@db.example/work',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, as it is written.
  'postgres://bob:${DB_PASSWORD}@db.example/work',
  'node_modules/some-package-with-a-long-name/dist/index.js',
  Buffer.from('nothing to see in this text').toString('base64'),
])('%s does not', (text) => {
  expect(looksSecret(text)).toBe(false);
});
