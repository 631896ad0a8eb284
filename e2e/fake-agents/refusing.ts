import { answer, refuse, serve } from './acp.ts';

/** Wants a credential before it opens a session, or speaks another version when its argument is `v2`. */
serve({
  ...(process.argv[2] === 'v2'
    ? { initialize: (message) => answer(message, { protocolVersion: 2, agentCapabilities: {} }) }
    : {}),
  'session/new': (message) => refuse(message, { code: -32000, message: 'The API key is missing or not configured.' }),
});
