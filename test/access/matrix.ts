// Who gets how far through which door: every route, every kind of person, in the estate they belong to and in
// another one. The whole table stands in fixtures/access and is read in review; the rules below hold for it whatever is
// written there. Interface and pages are two files, so that two processes share the work.
import type { Test } from 'tap';
import { compareExpected } from '../helpers/expected.ts';
import { demandsOf, gets } from './demands.ts';
import { openSite, roles, shortNames, type Answer, type Role, type Where } from './site.ts';

/** Of an estate they do not belong to all see the same: who hold least and who hold most are asked. */
const elsewhere: readonly Role[] = ['visitor', 'manager', 'stranger', 'post'];
const asked: Record<Where, readonly Role[]> = { own: roles, other: elsewhere };

type Line = Record<Where, Record<Role, Answer>>;

const isWrite = (name: string): boolean => !name.startsWith('GET ');
const legend = `Each route by each role, first in their own estate, then in one they do not belong to.
vis nobody logged in, res owner, cas cashier, man manager, cha chair, mem member of the committee, sup supervisor, off street office,
aud auditor, dep deputy, str chair of another estate (there, and here), rea and pos tokens of the manager that may read, and post.
O done or shown, L log in first, F not for this person, U no such estate or not theirs, N nothing there,
I the input is not right, C in conflict with what is recorded, T too often.
`;

/** What those who only look may do all the same: their own account, questions, objections, notices. */
const theirs = /^\S+ (\/me|\/login|\/logout|\/join|\/api\/v1\/(session|join|me|tokens|passkeys|recovery-codes))/;
const watching: Partial<Record<Role, RegExp>> = {
  resident: /\/(inquiries|inquiries\/:id\/(ratings?|rate|name|appeal|hiding\/appeal)|objections|witnesses|cosignatures|retire|exports?|notices\/(read|email|choices|feed)|feed-key|home\/(corrections|notices)|subsidies\/:scheme\/claims|budget-drafts\/:draft\/comments|projects(\/new|\/:project\/(opinions|pledges))?)$/,
  auditor: /\/(notices\/(read|email|choices|feed)|feed-key|exports?)$/,
  read: /\/exports?$/, // asks for a package of what it may read anyway
};

/** `file` of fixtures/access has the table of the routes that are `of` it. */
export async function holdMatrix(t: Test, file: string, of: (url: string) => boolean): Promise<void> {
  const site = await openSite(t);
  const table = new Map<string, Line>();
  const routes = site.routes.filter(({ url }) => of(url));
  const inEstate = routes.filter(({ url }) => url.includes(':estate'));

  /** "POST …/sign by auditor: F 403 not_allowed", for every cell that breaks a rule. */
  function wrong(names: readonly string[], where: Where, breaks: (answer: Answer, role: Role, name: string) => boolean): string[] {
    return names.flatMap((name) => asked[where].filter((role) => breaks(table.get(name)![where][role], role, name)).map((role) => {
      const { letter, status, code, detail } = table.get(name)![where][role];
      return `${name} by ${role}, ${where} estate: ${letter} ${status} ${code} ${detail}`;
    }));
  }
  const names = routes.map(({ name }) => name);
  const estateNames = inEstate.map(({ name }) => name);

  await t.test('every route is asked by everybody, and looking records nothing', async (t) => {
    let size = await site.logSize();
    for (const route of [...routes.filter(({ name }) => !isWrite(name)), ...routes.filter(({ name }) => isWrite(name))]) {
      const line: Line = { own: {}, other: {} } as Line;
      for (const role of roles) {
        line.own[role] = await site.ask(role, route, 'own');
        if (inEstate.includes(route) && elsewhere.includes(role)) line.other[role] = await site.ask(role, route, 'other');
      }
      table.set(route.name, line);
      const now = await site.logSize();
      if (!isWrite(route.name)) t.equal(now, size, `${route.name} records nothing`);
      size = now;
    }
    t.comment(`${table.size} routes, ${roles.length} roles, ${table.size * roles.length + inEstate.length * elsewhere.length} cells`);
  });

  await t.test('the table is the one that was reviewed', async (t) => {
    const width = Math.max(...names.map((name) => name.length)) + 2;
    const cells = (letters: readonly string[]): string => letters.map((letter) => letter.padEnd(4)).join('');
    const head = cells(roles.map((role) => shortNames[role]));
    const lines = routes.map(({ name }) => {
      const { own, other } = table.get(name)!;
      const there = estateNames.includes(name) ? `  ${cells(elsewhere.map((role) => other[role].letter))}` : '';
      return `${name.padEnd(width)}${cells(roles.map((role) => own[role].letter))}${there}`.trimEnd();
    });
    await compareExpected(t, `access/${file}`, `${legend}\n${''.padEnd(width)}${head}  ${cells(elsewhere.map((role) => shortNames[role]))}`.trimEnd() + `\n${lines.join('\n')}\n`);
  });

  await t.test('nothing is our mistake, and nobody is sent away for asking too often', (t) => {
    t.same(wrong(names, 'own', ({ letter }) => letter === 'X' || letter === 'T'), []);
    t.same(wrong(estateNames, 'other', ({ letter }) => letter === 'X' || letter === 'T'), []);
    t.end();
  });

  const open = estateNames.filter((name) => demandsOf(name)?.includes('anybody') === true);
  const closed = estateNames.filter((name) => !open.includes(name));

  await t.test('what is open to all is shown to all the same', (t) => {
    for (const where of ['own', 'other'] as const) {
      t.same(wrong(open, where, ({ letter }, role, name) => !['O', 'N', 'I'].includes(letter)
        || (role !== 'stranger' && letter !== table.get(name)![where].visitor.letter)), []);
    }
    t.end();
  });

  await t.test('another estate is not there', (t) => {
    t.same(wrong(closed, 'other', ({ letter }, role) => letter !== (role === 'visitor' ? 'L' : 'U')), []);
    t.end();
  });

  await t.test('whoever has not logged in gets nowhere in an estate', (t) => {
    t.same(wrong(closed, 'own', ({ letter }, role) => role === 'visitor' && letter !== 'L'), []);
    t.end();
  });

  await t.test('every door says what it demands', (t) => {
    t.same(names.filter((name) => demandsOf(name) === null), [], 'a route that changes something has its line in test/access/demands.ts');
    t.end();
  });

  await t.test('whom the table of offices does not let through is told so, before anything of theirs is looked at', (t) => {
    const through = (name: string, role: Role): boolean =>
      gets(demandsOf(name) ?? [], site.actors[role], site.estateOf(role, 'own').estate_id);
    // In the stranger's own estate there are none of the things that are asked for.
    const refused = (letter: string, role: Role): boolean => (role === 'visitor' ? letter === 'L' : letter === 'F' || (role === 'stranger' && letter === 'N'));
    t.same(wrong(names, 'own', ({ letter }, role, name) => !through(name, role) && !refused(letter, role)), []);
    t.same(wrong(names, 'own', ({ code }, role, name) => through(name, role) && ['not_allowed', 'token_scope', 'login_required'].includes(code)), [],
      'and nobody else is');
    t.end();
  });

  await t.test('who only looks changes nothing', (t) => {
    const done = (answer: Answer): boolean => !['F', 'L', 'U'].includes(answer.letter);
    t.same(wrong(closed.filter(isWrite), 'own', (answer, role, name) => ['visitor', 'resident', 'auditor', 'read'].includes(role)
      && watching[role]?.test(name) !== true && done(answer)), []);
    t.same(wrong(names.filter((name) => isWrite(name) && !estateNames.includes(name)), 'own',
      (answer, _role, name) => !theirs.test(name) && done(answer)), []);
    t.end();
  });
}
