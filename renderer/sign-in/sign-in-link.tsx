import { formatRoute } from '../context/route.ts';
import { useRoute, useT } from '../context/services.tsx';
import { RouteLink } from '../ui/link.tsx';

/** Straight into the running sign-in of the agent, and back here after it. */
export function SignInLink({
  agentId,
  name,
  describes,
}: {
  agentId: string;
  /** With what one signs in. */
  name: string;
  /** The agent, where several such links stand below each other. */
  describes?: string;
}) {
  const t = useT();
  const here = useRoute();
  return (
    <RouteLink
      look="plain"
      to={{ view: 'sign-in', agentId, back: formatRoute(here) }}
      {...(describes === undefined ? {} : { 'aria-label': t('ownSignIn.with.for', { name, agent: describes }) })}
    >
      {t('ownSignIn.with', { name })}
    </RouteLink>
  );
}
