import { useT } from '../context/services.tsx';

/** Unicode's Bidi_Control: with them a title reads unlike what is run, and U+2069 ends the isolation of `bdi`. */
const TURNS_DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** Around the name of a value: U+FFFC, the object replacement character, stands in no sentence of ours. */
const PLACE = /\ufffc(\w+)\ufffc/;

/** Words of an agent among ours: they are shown in their own direction, and do not change that of what is around. */
export function AgentText({ children }: { children: string }) {
  return <bdi>{children.replace(TURNS_DIRECTION, '')}</bdi>;
}

interface AgentSentenceProps {
  /** The key of the sentence. */
  readonly of: string;
  readonly values: Readonly<Record<string, string>>;
}

/** A sentence of ours with words of an agent in it. */
export function AgentSentence({ of: key, values }: AgentSentenceProps) {
  const t = useT();
  const places = Object.fromEntries(Object.keys(values).map((name) => [name, `\ufffc${name}\ufffc`]));
  // Split at a group, every second part is the name of a value.
  return t(key, places)
    .split(PLACE)
    .map((part, index) => (index % 2 === 0 ? part : <AgentText key={part}>{values[part] ?? part}</AgentText>));
}
