import { expect, test } from 'vitest';
import { defaultRules } from './session-rules.ts';

const rules = (baseUrl: string, isOwnEndpoint = false) => defaultRules({ baseUrl, isOwnEndpoint, ofAgent: [] });

test.each([
  ['https://api.openai.com/v1', { hosts: [{ host: 'api.openai.com', ports: [443] }], loopback: [] }],
  ['https://api.example.com:8443', { hosts: [{ host: 'api.example.com', ports: [8443] }], loopback: [] }],
  ['http://127.0.0.1:11434/v1', { hosts: [], loopback: [{ address: '127.0.0.1', port: 11434 }] }],
  ['http://[::1]:11434', { hosts: [], loopback: [{ address: '::1', port: 11434 }] }],
  [
    'http://localhost:1234',
    {
      hosts: [],
      loopback: [
        { address: '127.0.0.1', port: 1234 },
        { address: '::1', port: 1234 },
      ],
    },
  ],
])('a session reaches its provider at %s and nothing beside it', (url, expected) => {
  expect(rules(url)).toEqual(expected);
});

test('only what the user named themselves may be in a private network', () => {
  expect(rules('https://llm.corp.example', true).hosts).toEqual([
    { host: 'llm.corp.example', ports: [443], privateAddresses: true },
  ]);
  expect(rules('https://llm.corp.example').hosts[0]).not.toHaveProperty('privateAddresses');
});

test('without a provider there is what the agent names', () => {
  const ofAgent = [{ host: 'needed.example', ports: [443] }];
  expect(defaultRules({ baseUrl: undefined, isOwnEndpoint: false, ofAgent })).toEqual({ hosts: ofAgent, loopback: [] });
});
