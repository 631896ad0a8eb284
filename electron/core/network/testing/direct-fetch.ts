import { createFetch } from '../fetch.ts';

/** For tests: Perch's own requests on a machine without a proxy. */
export const directFetch = createFetch({ routeTo: async () => ({ proxy: undefined, certificates: undefined }) });
