import { parseArgs } from 'node:util';
import { PerchError } from '../../shared/errors/perch-error.ts';
import { messageOf } from '../node/error-code.ts';

export interface ServeArguments {
  /** 0: a free one. */
  readonly port: number;
  readonly json: boolean;
  /** Opens the address in the user's browser. */
  readonly open: boolean;
}

/** @throws PerchError USAGE */
export function parseServeArguments(args: readonly string[]): ServeArguments {
  const { port, json, open } = parse(args);
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    throw new PerchError('USAGE', { problem: `--port takes a number from 0 to 65535, not ${JSON.stringify(port)}.` });
  }
  return { port: Number(port ?? 0), json, open };
}

function parse(args: readonly string[]): { port: string | undefined; json: boolean; open: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        json: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
      },
    });
    return { port: values.port, json: values.json, open: values.open };
  } catch (error) {
    throw new PerchError('USAGE', { problem: messageOf(error) });
  }
}
