import type { Translate } from '../../shared/i18n/translate.ts';
import type { Scope } from '../../shared/model/credential.ts';
import { shortPath } from '../i18n/format.ts';

export function scopeText(scope: Scope, t: Translate, agentName: (agentId: string) => string): string {
  switch (scope.kind) {
    case 'global':
      return t('scope.global');
    case 'project':
      return t('scope.project.named', { project: shortPath(scope.projectDir, 36) });
    case 'agent':
      return t('scope.agent.named', { agent: agentName(scope.agentId) });
  }
}
