import { fileURLToPath } from 'node:url';

/**
 * The checkout under test. An ordinary user that root's tests run programs as cannot read one in a closed home: then the
 * set-up of the tests (`scripts/lib/ordinary-user.mjs`) names a readable copy here, and a readable Node.
 */
export const checkout =
  process.env.PERCH_TEST_CHECKOUT ?? fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');

/** The Node that every user of the tests can run. */
export const nodeExecutable = process.env.PERCH_TEST_NODE ?? process.execPath;

/** Why root's tests cannot run as an ordinary user on this machine; undefined when they can. */
export const noOrdinaryUser = process.env.PERCH_TEST_NO_ORDINARY_USER;

const ORDINARY = 65534;

/** The user `nobody` of every Linux. */
export const ordinaryUser = {
  uid: ORDINARY,
  /** In front of a command. */
  prefix: ['/usr/bin/setpriv', '--reuid', `${ORDINARY}`, '--regid', `${ORDINARY}`, '--clear-groups', '--'],
} as const;
