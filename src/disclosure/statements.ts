// The statements of reports/monthly-disclosure/figures.sql.
import { sqlFile } from '../kernel/sql-file.ts';

export interface Parameters { estate_id: number; period: string; today: string }

export const runStatement = sqlFile<Parameters>(
  new URL('../../reports/monthly-disclosure/figures.sql', import.meta.url), ['estate_id', 'period', 'today']);
