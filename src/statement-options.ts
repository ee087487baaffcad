// What taking a statement file needs from other slices: payment keeps the file, reconciliation looks at its lines at once.
// For app.ts, where files are handed in, and jobs.ts, where long ones are taken.
import type { StatementOptions } from './bank/statement.ts';
import { statementFiles } from './payment/voucher.ts';
import { reconcileAccount, wouldMatch } from './reconciliation/reconcile.ts';

export const statementOptions: StatementOptions = {
  files: statementFiles,
  hooks: { wouldMatch, taken: (house, { estate, statement }) => reconcileAccount(house, estate, statement.account, { actor: null }) },
};
