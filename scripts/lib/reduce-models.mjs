/**
 * The part of models.dev's `api.json` that Perch uses: the models of the wanted providers that write text, newest
 * first. Prices are USD per million tokens, the base price where there are tiers. A provider that the data does not
 * have, such as one under a former name, is left out.
 */
export function reduceModels(data, wantedIds) {
  return Object.fromEntries(
    [...wantedIds]
      .sort()
      .filter((id) => Object.hasOwn(data, id))
      .map((id) => [id, Object.values(data[id].models).filter(isForAgents).map(reduce).sort(newestFirst)]),
  );
}

function isForAgents({ status, modalities, family = '', id }) {
  const outputs = modalities?.output ?? ['text'];
  return status !== 'deprecated' && outputs.join() === 'text' && !/embed|rerank/i.test(`${family} ${id}`);
}

function reduce({ id, name, limit, cost, release_date: released, tool_call, reasoning, status }) {
  return withoutUndefined({
    id,
    name,
    context: positive(limit?.context),
    output: positive(limit?.output),
    price: price(cost),
    released,
    toolCall: tool_call === true,
    reasoning: reasoning === true,
    status,
  });
}

/** Absent, or below nought as for routers that charge what they route to: not known. */
function price(cost) {
  if (!(cost?.input >= 0 && cost.output >= 0)) return undefined;
  const { input, output, cache_read: cacheRead, cache_write: cacheWrite } = cost;
  return withoutUndefined({ input, output, cacheRead, cacheWrite });
}

function positive(number) {
  return number > 0 ? number : undefined;
}

function withoutUndefined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function newestFirst(a, b) {
  return (b.released ?? '').localeCompare(a.released ?? '') || a.id.localeCompare(b.id, 'en');
}
