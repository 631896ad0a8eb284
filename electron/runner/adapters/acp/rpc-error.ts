import { RequestError } from '@agentclientprotocol/sdk';
import { z } from 'zod';

interface AgentRefusal {
  /** The meaning of the code alone, when the words say nothing. */
  readonly otherwise: 'AGENT_AUTHENTICATION_FAILED' | 'PROVIDER_FORBIDDEN' | 'AGENT_REPORTED_ERROR';
  /** The agent's own sentence, not yet redacted. */
  readonly reported: string;
}

/** ACP's "authentication required". */
const AUTHENTICATION_REQUIRED = -32000;
/** Some agents put the provider's HTTP status where the protocol has its own codes (seen: Gemini CLI). */
const BY_CODE: Readonly<Record<number, AgentRefusal['otherwise']>> = {
  [AUTHENTICATION_REQUIRED]: 'AGENT_AUTHENTICATION_FAILED',
  401: 'AGENT_AUTHENTICATION_FAILED',
  403: 'PROVIDER_FORBIDDEN',
};

/** Where agents hide the sentence of a -32603, the most telling place first. */
const dataSchema = z.union([
  z.string().min(1),
  z.object({ message: z.string().min(1) }).transform(({ message }) => message),
  z.object({ error: z.object({ message: z.string().min(1) }) }).transform(({ error }) => error.message),
  z.object({ details: z.string().min(1) }).transform(({ details }) => details),
]);

/** The meaning of an agent's error answer. Anything else than an error answer is not for here. */
export function explainRefusal(error: RequestError): AgentRefusal {
  return { otherwise: BY_CODE[error.code] ?? 'AGENT_REPORTED_ERROR', reported: sentence(error) };
}

export function isRefusal(error: unknown): error is RequestError {
  return error instanceof RequestError;
}

function sentence(error: RequestError): string {
  const data = dataSchema.safeParse(error.data);
  const found = data.success && !/^internal error$/i.test(data.data.trim()) ? data.data : error.message;
  return unwrapJson(found.replace(/^Internal error:\s*/i, ''));
}

/** A provider's raw JSON (seen: Gemini CLI) holds its sentence at error.message. */
function unwrapJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    const found = dataSchema.safeParse(Array.isArray(value) ? value[0] : value);
    return found.success ? found.data : text;
  } catch {
    return text;
  }
}
