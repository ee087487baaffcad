// The named SQL statements of reports/monthly-disclosure/figures.sql, so that what the service prints
// and what an auditor draws with psql come from the same file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CompiledQuery } from 'kysely';
import type { Trx } from '../kernel/database.ts';

interface Statement { text: string; names: string[] }

const PARAMETER = /:'?(estate_id|period|today)'?(?!\w)/g;

/** psql's :estate_id and :'period' become $1, $2 in the order of their first use. */
function statementOf(source: string): Statement {
  const names: string[] = [];
  const text = source.replace(PARAMETER, (_all, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}

function readStatements(sql: string): Map<string, Statement> {
  const statements = new Map<string, Statement>();
  for (const part of sql.split(/^-- name: /m).slice(1)) {
    const name = /^\w+/.exec(part)![0];
    const body = part.slice(part.indexOf('\n') + 1).trim();
    assert(body.endsWith(';'), `statement ${name} ends with a semicolon`);
    statements.set(name, statementOf(body.slice(0, -1)));
  }
  return statements;
}

const statements = readStatements(
  readFileSync(new URL('../../reports/monthly-disclosure/figures.sql', import.meta.url), 'utf8'));

export interface Parameters { estate_id: number; period: string; today: string }

/** Runs one statement of figures.sql by its name. */
export async function runStatement<R>(trx: Trx, name: string, parameters: Parameters): Promise<R[]> {
  const statement = statements.get(name);
  assert(statement !== undefined, `figures.sql has no statement ${name}`);
  const values = statement.names.map((key) => parameters[key as keyof Parameters]);
  const { rows } = await trx.executeQuery<R>(CompiledQuery.raw(statement.text, values));
  return rows;
}
