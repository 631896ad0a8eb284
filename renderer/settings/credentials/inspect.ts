import type { ProviderView } from '../../../shared/model/provider.ts';
export interface Finding {
  kind: string;
  providerId?: string;
}
export interface PasteReport {
  findings: readonly Finding[];
  clean: string;
  joined?: string;
}
export function inspect(text: string, _provider: ProviderView, _providers: readonly ProviderView[]): PasteReport {
  const clean = text.trim();
  const findings: Finding[] = [];
  if (clean !== text) findings.push({ kind: 'trimmed' });
  if (/\s/.test(clean)) findings.push({ kind: 'interior-whitespace' });
  return { findings, clean, ...(/\s/.test(clean) ? { joined: clean.replace(/\s+/g, '') } : {}) };
}
