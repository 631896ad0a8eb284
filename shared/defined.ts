type MayBeAbsent<Values> = { [Key in keyof Values]: undefined extends Values[Key] ? Key : never }[keyof Values];

/** The same entries: one that may be `undefined` becomes one that may be absent. */
type Defined<Values> = Omit<Values, MayBeAbsent<Values> & keyof Values> & {
  [Key in MayBeAbsent<Values> & keyof Values]?: Exclude<Values[Key], undefined>;
};

/** The entries that have a value. An entry with `undefined` is left out: no key stands for it in JSON or in a spread. */
export function defined<Values extends Readonly<Record<string, unknown>>>(values: Values): Defined<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}
