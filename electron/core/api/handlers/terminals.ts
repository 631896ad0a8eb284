import type { TerminalService } from '../../sign-in/terminal-service.ts';
import type { HandlersOf } from './namespace.ts';

export function terminalHandlers(terminals: TerminalService): HandlersOf<'terminals'> {
  const done = async (work: Promise<void>) => {
    await work;
    return {};
  };
  return {
    'terminals.start': (params) => terminals.start(params),
    'terminals.read': (params) => terminals.read(params),
    'terminals.write': (params) => done(terminals.write(params)),
    'terminals.resize': (params) => done(terminals.resize(params)),
    'terminals.store': (params) => done(terminals.store(params)),
    'terminals.close': (params) => done(terminals.close(params)),
    'terminals.signOut': (params) => done(terminals.signOut(params)),
    'terminals.checkLogin': (params) => done(terminals.checkLogin(params)),
  };
}
