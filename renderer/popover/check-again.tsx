import type { WireError } from '../../shared/errors/perch-error.ts';
import { useT } from '../context/services.tsx';
import { useChecks } from '../credentials/checks.ts';
import { Verdict } from '../credentials/verdict.tsx';
import { Button } from '../ui/button.tsx';

/**
 * For a credential that its provider refused: it may have been put right over there. A provider that takes it now takes
 * the whole trouble away; anything else that it answers is told here.
 */
export function CheckAgain({ error: { code, details, values } }: { error: WireError }) {
  const t = useT();
  const checks = useChecks();
  const { credentialId } = details ?? {};
  if (code !== 'BYOK_CREDENTIAL_INVALID' || typeof credentialId !== 'string') return null;
  const check = checks.of(credentialId);
  const of = { providerId: String(values.providerId ?? ''), variable: String(values.variable ?? '') };
  return (
    <>
      <Button onClick={() => void checks.run(credentialId)} disabled={check?.kind === 'asking'}>
        {t('checkAgain')}
      </Button>
      <div className="credential-ways-verdict" role="status">
        <Verdict credential={of} check={check} />
      </div>
    </>
  );
}
