// The named SQL statements of a report (reports/*/figures.sql), so that what the service shows and what an auditor draws
// with psql come from the same file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CompiledQuery } from 'kysely';
import type { Trx } from './database.ts';

interface Statement<P> { text: string; names: (keyof P & string)[] }

/** psql's :estate_id and :'period' become $1, $2 in the order of their first use. */
function statementOf<P>(source: string, parameters: readonly (keyof P & string)[]): Statement<P> {
  const names: (keyof P & string)[] = [];
  const pattern = new RegExp(`:'?(${parameters.join('|')})'?(?!\\w)`, 'g');
  const text = source.replace(pattern, (_all, name: keyof P & string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}

function statementsIn<P>(sql: string, parameters: readonly (keyof P & string)[]): Map<string, Statement<P>> {
  const statements = new Map<string, Statement<P>>();
  for (const part of sql.split(/^-- name: /m).slice(1)) {
    const name = /^\w+/.exec(part)![0];
    const body = part.slice(part.indexOf('\n') + 1).trim();
    assert(body.endsWith(';'), `statement ${name} ends with a semicolon`);
    statements.set(name, statementOf(body.slice(0, -1), parameters));
  }
  return statements;
}

/** Runs one statement of the file by its name. */
export type RunStatement<P> = <R>(trx: Trx, name: string, parameters: P) => Promise<R[]>;

/** The statements of a file, which name its parameters as psql does. */
export function sqlFile<P extends object>(file: URL, parameters: readonly (keyof P & string)[]): RunStatement<P> {
  const statements = statementsIn<P>(readFileSync(file, 'utf8'), parameters);
  return async <R>(trx: Trx, name: string, given: P): Promise<R[]> => {
    const statement = statements.get(name);
    assert(statement !== undefined, `${file.pathname} has no statement ${name}`);
    const { rows } = await trx.executeQuery<R>(CompiledQuery.raw(statement.text, statement.names.map((key) => given[key])));
    return rows;
  };
}
