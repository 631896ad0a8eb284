import type { AgentEvent } from '../../shared/model/run-event.ts';
import { useT } from '../context/services.tsx';
import { useLanguage } from '../context/use-language.ts';
import { compactNumber, money } from '../i18n/format.ts';

type Usage = Extract<AgentEvent, { type: 'usage' }>;

/** The usage that the agent reported; nothing is added to it. */
export function UsageLine({ usage }: { usage: Usage }) {
  const t = useT();
  const language = useLanguage();
  const count = (value: number) => compactNumber(value, language);
  const { inputTokens, outputTokens, contextUsed, contextSize, cost } = usage;
  return (
    <>
      {inputTokens !== undefined && <span>{t('usage.input', { tokens: count(inputTokens) })}</span>}
      {outputTokens !== undefined && <span>{t('usage.output', { tokens: count(outputTokens) })}</span>}
      {contextUsed !== undefined && contextSize !== undefined && (
        <span>{t('usage.context', { used: count(contextUsed), size: count(contextSize) })}</span>
      )}
      {cost && (
        <span>{t(cost.of === 'turn' ? 'usage.cost' : 'usage.cost.session', { cost: money(cost, language) })}</span>
      )}
    </>
  );
}
