import type { Template } from './schema.ts';

/** Values of placeholders. Absent and empty are the same: what needs them disappears. */
export type Placeholders = Readonly<Record<string, string | undefined>>;

const PLACEHOLDER = /\$\{(\w+)\}/g;

/**
 * Fills `${name}` in all strings of a JSON value, keys included. A string with an empty placeholder is dropped, with
 * its key; so is an object or array of which nothing is left. An object that is written empty stays.
 */
export function fillTemplate(template: Template, values: Placeholders): Template | undefined {
  if (typeof template === 'string') return fillText(template, values);
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) {
    const kept = template.map((item) => fillTemplate(item, values)).filter((item) => item !== undefined);
    return kept.length === 0 && template.length > 0 ? undefined : kept;
  }
  const entries = Object.entries(template);
  const kept = entries.flatMap(([key, value]) => {
    const name = fillText(key, values);
    const filled = fillTemplate(value, values);
    return name === undefined || filled === undefined ? [] : [[name, filled] as const];
  });
  return kept.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(kept);
}

/** A filled template as the text of a variable or file; undefined when nothing is left of it. */
export function templateText(template: Template, values: Placeholders): string | undefined {
  const filled = fillTemplate(template, values);
  if (filled === undefined) return undefined;
  return typeof filled === 'string' ? filled : JSON.stringify(filled);
}

function fillText(text: string, values: Placeholders): string | undefined {
  let complete = true;
  const filled = text.replace(PLACEHOLDER, (_whole, name: string) => {
    const value = values[name] ?? '';
    if (value === '') complete = false;
    return value;
  });
  return complete ? filled : undefined;
}

/** Joins two JSON values: objects key by key, anything else is the second one. */
export function mergeTemplates(first: Template, second: Template): Template {
  if (!isObject(first) || !isObject(second)) return second;
  const merged: Record<string, Template> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    merged[key] = before === undefined ? value : mergeTemplates(before, value);
  }
  return merged;
}

function isObject(value: Template): value is { [key: string]: Template } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
