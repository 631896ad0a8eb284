import { answer, type Message, refuse, SESSION_ID, say, serve } from './acp.ts';

/** Says which mode it is in. Offers modes as its first argument says: `modes`, `option`, or not at all. */
const [, , way] = process.argv;
const NAMES = ['usual', 'careful', 'forbidden'];
let mode = 'usual';

function enter(message: Message, wanted: string): void {
  if (wanted === 'forbidden') {
    refuse(message, { code: -32602, message: 'not as root' });
    return;
  }
  mode = wanted;
  answer(message, way === 'option' ? { configOptions: [] } : {});
}

const offered = {
  modes: { modes: { currentModeId: mode, availableModes: NAMES.map((id) => ({ id, name: id })) } },
  option: {
    configOptions: [
      {
        id: 'how',
        name: 'Mode',
        type: 'select',
        category: 'mode',
        currentValue: mode,
        options: NAMES.map((value) => ({ value, name: value })),
      },
    ],
  },
};

serve({
  'session/new': (message) =>
    answer(message, { sessionId: SESSION_ID, ...(way === 'modes' || way === 'option' ? offered[way] : {}) }),
  'session/set_mode': (message) => enter(message, (message.params as { modeId: string }).modeId),
  'session/set_config_option': (message) => enter(message, (message.params as { value: string }).value),
  'session/prompt': (message) => {
    say(mode);
    answer(message, { stopReason: 'end_turn' });
  },
});
