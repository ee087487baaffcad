// What each door asks of whoever comes, written down a second time beside the table in src/kernel/actor.ts. A
// route that changes something and is not here fails the test; a GET that is not here is for every member.
import { may, type Actor, type Capability } from '../../src/kernel/actor.ts';

/** account: one's own, in a browser. anybody: also whoever has not logged in. */
export type Demand = Capability | 'account' | 'token' | 'anybody';

const approvals: readonly Demand[] = ['sign', 'draft_order'];

const estateWrites: Record<string, readonly Demand[]> = {
  'POST /transit/arrivals': ['post_receipt'], 'POST /transit/fees': ['draft_order'], 'POST /settlements': ['post_receipt'], 'POST /settlements/drafts/:draft': ['post_receipt'],
  'POST /settlements/drafts/:draft/take': ['post_receipt'], 'DELETE /settlements/drafts/:draft': ['post_receipt'],
  'POST /register/units': ['keep_register'], 'POST /register/units/:unit/facts': ['keep_register'],
  'POST /register/units/:unit/facts/:id/take-back': ['keep_register'], 'POST /register/units/:unit/end': ['keep_register'],
  'POST /register/units/:unit/owners': ['keep_register'], 'POST /register/units/:unit/tenants': ['keep_register'],
  'POST /register/units/:unit/tenures/:id/end': ['keep_register'], 'POST /register/units/:unit/tenures/:id/payer': ['keep_register'],
  'POST /register/units/:unit/parties/:party': ['keep_register'], 'POST /register/units/:unit/parties/:party/login': ['keep_register'],
  'POST /register/spaces': ['keep_register'], 'POST /register/units/:unit/spaces': ['keep_register'],
  'POST /register/units/:unit/spaces/:id/return': ['keep_register'], 'POST /register/meters': ['keep_register'],
  'POST /register/meters/:meter/replace': ['keep_register'], 'POST /register/meters/:meter/end': ['keep_register'],
  'POST /register/readings': ['keep_register'], 'POST /register/meters/:meter/readings/:id/take-back': ['keep_register'],
  'POST /register/units/:unit/parties/:party/erasure': ['erase_text'],
  'POST /bank-balances': ['state_bank_balance'], 'POST /bank-statements': ['import_statement'],
  'POST /bank-accounts/changes': ['propose'], 'POST /bank-accounts/:account/number': ['propose'], 'POST /bank-accounts/:account/onboarding': ['propose'],
  'POST /handovers': ['propose'], 'POST /handovers/:handover/takeover': ['propose'],
  'POST /mandates': ['propose'], 'POST /mandates/:mandate/end': ['sign'],
  'POST /bills/start': ['post_receipt'], 'POST /bills/numbers': ['post_receipt'],
  'POST /fee-rules': ['propose'], 'POST /fee-rules/:rule/end': ['propose'], 'POST /shared-costs': ['post_receipt'], 'POST /waivers': ['propose'],
  'POST /reminders': ['post_receipt'],
  'POST /payments': ['post_receipt'], 'POST /payments/preview': ['post_receipt'],
  'POST /deposits': ['post_receipt'], 'POST /deposits/:unit/deductions': ['draft_order'],
  'POST /budget-drafts': ['propose'], 'POST /budget-drafts/:draft/lines': ['propose'], 'POST /budget-drafts/:draft/open': ['propose'], 'POST /budget-drafts/:draft/drop': ['propose'],
  'POST /budget-drafts/:draft/submit': ['propose'], 'POST /budget-drafts/:draft/comments': ['ask'], 'POST /budget-comments/:comment/answers': ['answer'], 'POST /final-accounts/:year': ['propose'],
  'POST /projects': ['propose', 'pledge'], 'POST /projects/:project/opinions': ['pledge'], 'POST /projects/:project/opinions/:opinion/hide': ['moderate'], 'POST /projects/:project/opinions/:opinion/show': ['moderate'],
  'POST /projects/:project/pledges': ['pledge'], 'POST /projects/:project/gifts': ['post_receipt'], 'POST /projects/:project/gifts/:gift/naming': ['post_receipt'], 'POST /projects/:project/quotes': ['draft_order'],
  'POST /projects/:project/site-reports': ['report_site'], 'POST /projects/:project/outside': ['post_receipt'], 'POST /projects/:project/open': ['propose'], 'POST /projects/:project/contracts': ['propose'],
  'POST /projects/:project/acceptances': ['propose'], 'POST /projects/:project/finish': ['propose'],
  'POST /resolutions': ['hold_assembly'], 'PUT /resolutions/:resolution': ['hold_assembly'], 'DELETE /resolutions/:resolution': ['hold_assembly'], 'POST /resolutions/:resolution/announce': ['hold_assembly'],
  'POST /resolutions/:resolution/call-off': ['hold_assembly'], 'POST /resolutions/:resolution/certificate': ['propose'], 'POST /resolutions/:resolution/ballots': ['vote'],
  'POST /resolutions/:resolution/papers': ['enter_ballot'], 'POST /resolutions/:resolution/papers/:paper': ['enter_ballot'],
  'POST /surveys': ['hold_assembly'], 'POST /surveys/:survey/answers': ['vote'], 'POST /surveys/:survey/words/:answer': ['moderate'],
  'POST /subsidies': ['propose'], 'POST /subsidies/:scheme/end': ['sign'], 'POST /subsidies/:scheme/claims': ['own_home', 'post_receipt'],
  'POST /subsidies/:scheme/batches': ['propose'], 'POST /subsidy-batches/:batch/arrivals': ['post_receipt'], 'POST /subsidy-batches/:batch/payouts': ['draft_order'],
  // An export is reading, as far as the books are concerned.
  'POST /exports': ['read_books'],
  'POST /opening-balances': ['propose'], 'POST /opening-balances/preview': ['propose'], 'POST /body-forms': ['propose'],
  'POST /access': ['grant_access'], 'POST /delegations': ['propose'], 'POST /delegations/:delegation/end': ['sign'],
  'POST /disclosures/:period': ['publish'], 'POST /disclosures/:period/corrections': ['publish'],
  'POST /erasures': ['erase_own'], 'POST /payees/:id/erasure': ['erase_text'],
  'POST /home/corrections': ['own_home'], 'POST /corrections/:id': ['keep_register'],
  'POST /inquiries': ['ask'], 'POST /inquiries/:id/answers': ['answer'], 'POST /inquiries/:id/extension': ['answer'],
  'POST /inquiries/:id/ratings': ['rate', 'ask'], 'POST /inquiries/:id/name': ['ask'], 'POST /inquiries/:id/hiding': ['moderate'], 'POST /inquiries/:id/hiding/appeal': ['ask'],
  'POST /inquiries/:id/hiding/decision': ['moderate'], 'PUT /answer-clock': ['set_clock'],
  'POST /lists': ['keep_list'], 'POST /lists/:item/changes': ['keep_list'], 'POST /lists/:item/merge': ['keep_list'],
  'POST /invitations': ['invite'],
  'POST /log/checkpoint': ['propose'],
  'POST /relays': ['publish'], 'PUT /relays/:relay': ['publish'], 'POST /relays/:relay/end': ['publish'], 'POST /relays/:relay/test': ['publish'],
  'POST /relays/:relay/again': ['publish'], 'POST /relays/:relay/secret': ['publish'],
  'PUT /notices/choices': ['read_books', 'account'], 'POST /feed-key': ['read_books', 'account'], 'DELETE /feed-key': ['read_books', 'account'],
  'POST /journal-drafts': ['post_receipt'], 'PUT /journal-drafts/:draft_id': ['post_receipt'], 'DELETE /journal-drafts/:draft_id': ['post_receipt'],
  'POST /journal-entries': ['post_receipt'], 'POST /journal-entries/batch': ['post_receipt'],
  'POST /journal-entries/:seq/reversal': ['draft_order'], 'POST /transfers': ['draft_order'],
  'POST /notices/read': ['read_books', 'token'],
  'POST /log/keys/changes': ['propose'],
  'POST /objections/:id/answer': approvals,
  'POST /payees': ['draft_order'], 'POST /payment-orders': ['draft_order'], 'PUT /payment-orders/:id': ['draft_order'],
  'POST /pay-files': ['draft_order'], 'POST /pay-files/:id/void': ['draft_order'], 'PUT /invoice-titles': ['draft_order'],
  'POST /payment-orders/:id/paid': ['post_receipt'], 'POST /vouchers': ['draft_order'],
  'POST /periods/:period/close': ['propose_close'],
  'POST /proposals/:id/comments': ['comment'], 'POST /proposals/:id/objections': ['object'],
  'POST /proposals/:id/submit': ['draft_order'], 'POST /proposals/:id/hold': approvals, 'POST /proposals/:id/release': approvals,
  'POST /proposals/:id/return': approvals, 'POST /proposals/:id/withdraw': approvals,
  // A cashier, who signs nothing, is told so by the database itself.
  'POST /proposals/:id/sign': approvals, 'POST /proposals/sign': approvals, 'POST /proposals/:id/sign/options': ['sign'],
  'POST /witnesses': ['witness', 'account'], 'POST /witnesses/:id/retire': ['witness'], 'POST /checkpoints/:size/cosignatures': ['witness'],
  'POST /reconciliation/run': ['reconcile'], 'POST /reconciliation/confirm': ['reconcile'], 'POST /bank-lines/:account/:position/match': ['reconcile'],
  'POST /bank-matches/:match/end': ['reconcile'], 'POST /suspense/:seq/settle': ['reconcile'], 'POST /match-rules/:rule': ['reconcile'],
  'POST /register/imports': ['keep_register'], 'POST /register/imports/:import_id/corrections': ['keep_register'], 'POST /register/imports/:import_id/take': ['keep_register'],
  'POST /register/imports/:import_id/undo': ['keep_register'], 'DELETE /register/imports/:import_id': ['keep_register'],
  'POST /rules/changes': ['propose'], 'POST /terms/proposals': ['propose'], 'POST /terms/:term/end': ['propose'],
};

const pageWrites: Record<string, readonly Demand[]> = {
  'POST /home/corrections': ['own_home'], 'POST /home/notices': ['own_home'], 'POST /corrections/:id': ['keep_register'],
  // Whoever has the letter has the word: it stops letters and nothing else.
  'POST /stop/:word': ['anybody'],
  'POST /opening': ['propose'], 'POST /opening/read': ['propose'], 'POST /people/forms/new': ['propose'],
  'POST /transit/files': ['post_receipt'], 'POST /transit/arrivals': ['post_receipt'], 'POST /transit/fees': ['draft_order'], 'POST /transit/:seq/channel': ['post_receipt'],
  'POST /transit/files/:draft/columns': ['post_receipt'], 'POST /transit/files/:draft/rows': ['post_receipt'], 'POST /transit/files/:draft/take': ['post_receipt'],
  'POST /transit/files/:draft/drop': ['post_receipt'],
  'POST /budgets/new': ['propose'], 'POST /budget-drafts/:draft/edit': ['propose'], 'POST /budget-drafts/:draft/open': ['propose'], 'POST /budget-drafts/:draft/drop': ['propose'],
  'POST /budget-drafts/:draft/submit': ['propose'], 'POST /budget-drafts/:draft/comments': ['ask'], 'POST /budget-comments/:comment/answers': ['answer'], 'POST /final-accounts/:year': ['propose'],
  'POST /projects/new': ['propose', 'pledge'], 'POST /projects/:project/opinions': ['pledge'], 'POST /projects/:project/opinions/:opinion/hide': ['moderate'], 'POST /projects/:project/opinions/:opinion/show': ['moderate'],
  'POST /projects/:project/pledges': ['pledge'], 'POST /projects/:project/gift': ['post_receipt'], 'POST /projects/:project/gifts/:gift/naming': ['post_receipt'], 'POST /projects/:project/quote': ['draft_order'],
  'POST /projects/:project/site': ['report_site'], 'POST /projects/:project/outside': ['post_receipt'], 'POST /projects/:project/open': ['propose'], 'POST /projects/:project/contract': ['propose'],
  'POST /projects/:project/accept': ['propose'], 'POST /projects/:project/finish': ['propose'],
  'POST /resolutions': ['hold_assembly'], 'POST /resolutions/:resolution/edit': ['hold_assembly'], 'POST /resolutions/:resolution/announce': ['hold_assembly'], 'POST /resolutions/:resolution/drop': ['hold_assembly'],
  'POST /resolutions/:resolution/call-off': ['hold_assembly'], 'POST /resolutions/:resolution/certificate': ['propose'], 'POST /resolutions/:resolution/ballot': ['vote'],
  'POST /resolutions/:resolution/papers': ['enter_ballot'], 'POST /resolutions/:resolution/papers/:paper': ['enter_ballot'],
  'POST /surveys': ['hold_assembly'], 'POST /surveys/:survey': ['vote'], 'POST /surveys/:survey/words/:answer': ['moderate'],
  'POST /subsidies/new': ['propose'], 'POST /subsidies/:scheme/end': ['sign'], 'POST /subsidies/:scheme/claims': ['own_home', 'post_receipt'],
  'POST /subsidies/:scheme/batches': ['propose'], 'POST /subsidy-batches/:batch/arrivals': ['post_receipt'], 'POST /subsidy-batches/:batch/payouts': ['draft_order'],
  'POST /register': ['keep_register'], 'POST /register/units/:unit': ['keep_register'], 'POST /register/spaces': ['keep_register'],
  'POST /register/readings': ['keep_register'],
  'POST /register/units/:unit/erasure': ['erase_text'],
  'POST /reminders': ['post_receipt'],
  'POST /counter/:unit': ['post_receipt'],
  'POST /deposits': ['post_receipt'], 'POST /deposits/:unit/deductions': ['draft_order'],
  'POST /export': ['read_books'],
  'POST /register/import': ['keep_register'], 'POST /register/import/:id': ['keep_register'],
  'POST /bank/accounts/new': ['propose'], 'POST /bank/accounts/:account/change': ['propose'], 'POST /bank/accounts/:account/close': ['propose'],
  'POST /bank/accounts/:account': ['propose'], 'POST /bank/accounts/:account/number': ['propose'], 'POST /bank/mandates/new': ['propose'],
  'POST /handover/new': ['propose'], 'POST /handover/:handover/takeover': ['propose'],
  'POST /bank/mandates/:mandate/end': ['sign'], 'POST /bills/start': ['post_receipt'], 'POST /bills/numbers': ['post_receipt'],
  'POST /bank': ['state_bank_balance'], 'POST /bank/files': ['import_statement'], 'POST /bank/files/:id': ['import_statement'],
  'POST /delegations/new': ['propose'], 'POST /delegations/:delegation/end': ['sign'],
  'POST /disclosures/:period/corrections': ['publish'], 'POST /disclosures/:period/publish': ['publish'],
  'POST /erasures': ['erase_own'], 'POST /inquiries': ['ask'], 'POST /inquiries/:id': ['answer'], 'POST /inquiries/:id/extend': ['answer'],
  'POST /inquiries/:id/rate': ['rate', 'ask'], 'POST /inquiries/:id/name': ['ask'], 'POST /inquiries/:id/hide': ['moderate'], 'POST /inquiries/:id/appeal': ['ask'], 'POST /inquiries/:id/decide': ['moderate'],
  'POST /inquiries/clock': ['set_clock'], 'POST /lists/new': ['keep_list'], 'POST /lists/:item': ['keep_list'], 'POST /lists/:item/merge': ['keep_list'], 'POST /invitations': ['invite'],
  'POST /journal/new': ['post_receipt'], 'POST /journal/drafts/:draft_id/delete': ['post_receipt'],
  'POST /journal/:seq/reversal': ['draft_order'], 'POST /journal/transfer': ['draft_order'],
  'POST /log/key': ['propose'],
  'POST /notices/read': ['read_books', 'account'], 'POST /notices/email': ['read_books', 'account'],
  'POST /notices/choices': ['read_books', 'account'], 'POST /notices/feed': ['read_books', 'account'],
  'POST /relays': ['publish'], 'POST /relays/:relay': ['publish'], 'POST /relays/:relay/end': ['publish'], 'POST /relays/:relay/test': ['publish'],
  'POST /relays/:relay/again': ['publish'], 'POST /relays/:relay/secret': ['publish'],
  'POST /objections/:id/answer': approvals, 'POST /orders': ['draft_order'], 'POST /orders/:id/edit': ['draft_order'],
  'POST /pay-files': ['draft_order'], 'POST /pay-files/:id/void': ['draft_order'], 'POST /invoice-titles': ['draft_order'],
  'POST /orders/:id/submit': ['draft_order'], 'POST /orders/:id/paid': ['post_receipt'], 'POST /periods/:period/close': ['propose_close'],
  'POST /proposals/:id': approvals, 'POST /proposals/:id/comments': ['comment'], 'POST /proposals/:id/objections': ['object'],
  'POST /bank/reconcile': ['reconcile'], 'POST /bank/reconcile/:account/:position': ['reconcile'], 'POST /bank/matches/:match/end': ['reconcile'],
  'POST /bank/suspense/:seq': ['reconcile'], 'POST /bank/rules/:rule': ['reconcile'],
  'POST /fees/new': ['propose'], 'POST /fees/:rule/end': ['propose'], 'POST /fees/costs': ['post_receipt'], 'POST /waivers/new': ['propose'],
  'POST /queue': approvals, 'POST /rules/change': ['propose'], 'POST /rules/change/preset': ['propose'], 'POST /rules/change/rule': ['propose'],
  'POST /terms/appoint': ['propose'], 'POST /terms/:term/end': ['propose'], 'POST /access/new': ['grant_access'],
  'POST /witness/:id/retire': ['witness'],
};

/** Hashes and proofs of the log tell nothing of what is recorded: it is shown the same to all because all can look. */
const openToAll = ['log/checkpoint', 'log/keys', 'log/proof/inclusion', 'log/proof/consistency', 'log/tile/*', 'log/policy', 'witnesses', 'checkpoints'];

/** Reading that is not for every owner, or for more than them. */
const readings: Record<string, readonly Demand[]> = {
  'GET /e/:estate/budgets/new': ['propose'], 'GET /e/:estate/budget-drafts/:draft/edit': ['propose'],
  'GET /e/:estate/resolutions/new': ['hold_assembly'], 'GET /e/:estate/resolutions/:resolution/edit': ['hold_assembly'], 'GET /e/:estate/resolutions/:resolution/papers': ['enter_ballot'],
  'GET /e/:estate/resolutions/:resolution/roll': ['read_households'], 'GET /e/:estate/resolutions/:resolution/roll.csv': ['read_households'], 'GET /e/:estate/resolutions/:resolution/ballots.pdf': ['read_households'],
  'GET /api/v1/estates/:estate/resolutions/:resolution/roll': ['read_households'], 'GET /api/v1/estates/:estate/resolutions/:resolution/papers': ['enter_ballot'], 'GET /e/:estate/surveys/new': ['hold_assembly'],
  'GET /e/:estate/subsidies/new': ['propose'], 'GET /e/:estate/subsidies/:scheme/claims.csv': ['read_households'],
  'GET /e/:estate/projects/new': ['propose', 'pledge'], 'GET /e/:estate/projects/:project/open': ['propose'], 'GET /e/:estate/projects/:project/gift': ['post_receipt'], 'GET /e/:estate/projects/:project/quote': ['draft_order'],
  'GET /e/:estate/projects/:project/contract': ['propose'], 'GET /e/:estate/projects/:project/site': ['report_site'], 'GET /e/:estate/projects/:project/accept': ['propose'], 'GET /e/:estate/projects/:project/finish': ['propose'],
  'GET /e/:estate/projects/:project/outside': ['post_receipt'], 'GET /e/:estate/projects/:project/back': ['read_households'], 'GET /e/:estate/projects/:project/dwellings.csv': ['read_households'], 'GET /api/v1/estates/:estate/projects/:project/back': ['read_households'],
  'GET /api/v1/estates/:estate/subsidy-batches/:batch': ['read_households'], 'GET /e/:estate/subsidy-batches/:batch': ['read_households'],
  'GET /e/:estate/subsidy-batches/:batch/list.xlsx': ['read_households'], 'GET /e/:estate/subsidy-batches/:batch/list.pdf': ['read_households'],
  ...Object.fromEntries(['', '/units/:unit', '/spaces', '/spaces.csv', '/changes', '/readings', '.csv'].map((path) => [`GET /e/:estate/register${path}`, ['read_households']])),
  ...Object.fromEntries(['units', 'units/:unit', 'changes', 'spaces', 'meters', 'meter-use'].map((path) => [`GET /api/v1/estates/:estate/register/${path}`, ['read_households']])),
  ...Object.fromEntries(openToAll.map((path) => [`GET /api/v1/estates/:estate/${path}`, ['anybody']])),
  'GET /e/:estate/opening': ['read_officers'], 'GET /e/:estate/opening/template.xlsx': ['propose'], 'GET /e/:estate/people/forms/new': ['propose'],
  'GET /e/:estate/proof': ['anybody'], 'GET /e/:estate/stop/:word': ['anybody'], 'GET /e/:estate/home': ['own_home'], 'GET /api/v1/estates/:estate/home': ['own_home'],
  // Drafts of imports hold names and telephones: for those who keep the register alone.
  ...Object.fromEntries(['/import', '/import/:id', '/import/:id/bad.xlsx', '/import/templates/:kind'].map((path) => [`GET /e/:estate/register${path}`, ['keep_register']])),
  ...Object.fromEntries(['imports', 'imports/:import_id'].map((path) => [`GET /api/v1/estates/:estate/register/${path}`, ['keep_register']])),
  ...Object.fromEntries(['/relays', '/relays/:relay', '/relays/:relay/deliveries.csv'].map((path) => [`GET /e/:estate${path}`, ['read_officers']])),
  ...Object.fromEntries(['relays', 'relays/:relay/deliveries'].map((path) => [`GET /api/v1/estates/:estate/${path}`, ['read_officers']])),
  // The key in its address is all it asks for; without one there is nothing.
  'GET /e/:estate/feed.atom': ['anybody'],
  'GET /e/:estate/corrections': ['read_households'], 'GET /api/v1/estates/:estate/corrections': ['read_households'],
  'GET /api/v1/estates/:estate/journal-drafts': ['read_officers'], 'GET /api/v1/estates/:estate/journal-drafts/:draft_id': ['read_officers'],
  'GET /api/v1/estates/:estate/pay-files': ['read_officers'], 'GET /api/v1/estates/:estate/pay-files/:id': ['read_officers'],
  'GET /api/v1/estates/:estate/pay-files/:id/file': ['draft_order'], 'GET /api/v1/estates/:estate/invoice-titles': ['read_officers'],
  'GET /e/:estate/pay-files': ['read_officers'], 'GET /e/:estate/pay-files/:id': ['read_officers'], 'GET /e/:estate/pay-files/new': ['draft_order'],
  'GET /e/:estate/pay-files/:id/file': ['draft_order'], 'GET /e/:estate/invoice-titles': ['read_officers'],
  'GET /api/v1/estates/:estate/payment-orders': ['read_officers'],
  'GET /api/v1/estates/:estate/payment-orders/:id': ['read_officers'], 'GET /api/v1/estates/:estate/proposals': ['read_officers'],
  'GET /api/v1/estates/:estate/log/search': ['read_officers'], 'GET /api/v1/estates/:estate/log/search.csv': ['read_officers'],
  'GET /e/:estate/bank/files': ['import_statement'], 'GET /e/:estate/bank/files/:id': ['import_statement'],
  'GET /e/:estate/log': ['read_officers'], 'GET /e/:estate/log.csv': ['read_officers'], 'GET /e/:estate/log/:seq': ['read_officers'],
  'GET /e/:estate/orders': ['read_officers'],
  'GET /e/:estate/orders.csv': ['read_officers'], 'GET /e/:estate/orders/:id': ['read_officers'], 'GET /e/:estate/queue': ['read_officers'],
  'GET /e/:estate/queue.csv': ['read_officers'], 'GET /e/:estate/orders/new': ['draft_order'], 'GET /e/:estate/orders/:id/edit': ['draft_order'],
  'GET /e/:estate/journal/new': ['post_receipt'], 'GET /e/:estate/journal/transfer': ['draft_order'],
  'GET /e/:estate/journal/:seq/reversal': ['draft_order'], 'GET /e/:estate/invitations': ['invite'], 'GET /e/:estate/inquiries/new': ['ask'], 'GET /e/:estate/lists/new': ['keep_list'],
  'GET /api/v1/estates/:estate/reconciliation': ['read_officers'], 'GET /api/v1/estates/:estate/suspense': ['read_officers'],
  'GET /api/v1/estates/:estate/match-rules': ['read_officers'], 'GET /e/:estate/bank/reconcile': ['read_officers'],
  'GET /e/:estate/bank/reconcile/:account/:position': ['read_officers'], 'GET /e/:estate/bank/suspense/:seq': ['reconcile'], 'GET /e/:estate/bank/rules': ['read_officers'],
  'GET /e/:estate/erasures/new': ['erase_own'],
  'GET /e/:estate/handover/new': ['propose'], 'GET /e/:estate/handover/:handover(^\\d{1,12}$)/takeover': ['propose'],
  'GET /e/:estate/access/new': ['grant_access'], 'GET /e/:estate/delegations/new': ['propose'], 'GET /e/:estate/terms/appoint': ['propose'], 'GET /e/:estate/terms/:term/end': ['propose'],
  'GET /e/:estate/bank/accounts/new': ['propose'], 'GET /e/:estate/bank/accounts/:account/change': ['propose'], 'GET /e/:estate/bank/accounts/:account/close': ['propose'],
  'GET /e/:estate/bank/accounts/:account': ['read_officers'], 'GET /e/:estate/bank/accounts/:account/sheet': ['read_officers'],
  'GET /api/v1/estates/:estate/bank-accounts/:account/onboarding': ['read_officers'], 'GET /e/:estate/bank/mandates/new': ['propose'], 'GET /e/:estate/bills.csv': ['read_households'],
  'GET /e/:estate/fees/new': ['propose'], 'GET /e/:estate/fees/:rule/end': ['propose'], 'GET /e/:estate/waivers': ['read_officers'], 'GET /e/:estate/waivers/new': ['propose'],
  'GET /e/:estate/waivers/:waiver': ['read_households'], 'GET /api/v1/estates/:estate/waivers': ['read_officers'], 'GET /api/v1/estates/:estate/waivers/:waiver': ['read_households'],
  'GET /e/:estate/counter': ['post_receipt'], 'GET /e/:estate/counter/:unit': ['post_receipt'], 'GET /e/:estate/receipts.csv': ['read_households'],
  'GET /e/:estate/transit': ['read_officers'], 'GET /e/:estate/transit.csv': ['read_officers'], 'GET /e/:estate/transit/files/:draft': ['post_receipt'],
  'GET /api/v1/estates/:estate/transit': ['read_officers'], 'GET /api/v1/estates/:estate/settlements': ['read_officers'],
  'GET /e/:estate/pay': ['own_home'], 'GET /e/:estate/deposits': ['read_households'], 'GET /e/:estate/deposits.csv': ['read_households'], 'GET /api/v1/estates/:estate/deposits': ['read_households'],
  'GET /e/:estate/arrears/units': ['read_households'], 'GET /e/:estate/arrears/units.csv': ['read_households'], 'GET /api/v1/estates/:estate/arrears/units': ['read_households'],
  'GET /e/:estate/reminders': ['read_households'], 'GET /e/:estate/reminders/:seq': ['read_households'], 'GET /e/:estate/reminders/:seq/letters.pdf': ['read_households'],
  'GET /api/v1/estates/:estate/reminders': ['read_households'],
  'GET /e/:estate/rules/change': ['propose'], 'GET /e/:estate/rules/change/preset': ['propose'], 'GET /e/:estate/rules/change/rule': ['propose'],
};

/** Doors outside of any estate. */
const elsewhere: Record<string, readonly Demand[]> = {
  ...Object.fromEntries(['POST /api/v1/session', 'DELETE /api/v1/session', 'POST /login', 'POST /logout', 'POST /join', 'POST /join/code',
    'POST /api/v1/join'].map((name) => [name, ['anybody']])),
  // Whoever holds a start key founds an estate; nobody has a login yet.
  ...Object.fromEntries(['POST /found/key', 'POST /found/:step', 'POST /found/open', 'POST /found/printed'].map((name) => [name, ['anybody']])),
  ...Object.fromEntries(['GET /board', 'GET /board.csv', 'GET /api/v1/board'].map((name) => [name, ['read_board']])),
  ...Object.fromEntries(['GET /api/v1/estates', 'GET /api/v1/me', 'GET /api/v1/passkeys', 'GET /api/v1/tokens'].map((name) => [name, ['token']])),
};

export function demandsOf(name: string): readonly Demand[] | null {
  const [method, url] = name.split(' ') as [string, string];
  if (url.startsWith('/api/v1/estates/:estate')) {
    if (method === 'GET') return readings[name] ?? ['read_books'];
    return estateWrites[`${method} ${url.slice('/api/v1/estates/:estate'.length)}`] ?? null;
  }
  if (url.startsWith('/e/:estate')) {
    if (method === 'GET') return readings[name] ?? ['read_books'];
    return pageWrites[`${method} ${url.slice('/e/:estate'.length)}`] ?? null;
  }
  if (elsewhere[name] !== undefined) return elsewhere[name];
  if (url.startsWith('/me') || url.startsWith('/api/v1/')) return ['account'];
  return method === 'GET' ? ['anybody'] : null;
}

/** Whether somebody gets past the door at all; what they find behind it is another matter. */
export function gets(demands: readonly Demand[], actor: Actor | null, estate_id: number): boolean {
  return demands.some((demand) => {
    if (demand === 'anybody') return true;
    if (actor === null) return false;
    if (demand === 'token') return demands.length === 1;
    if (demand === 'account') return demands.length === 1 && actor.kind === 'cookie';
    const reading = demand.startsWith('read_') && !demands.includes('account') && !demands.includes('token');
    const scoped = actor.kind === 'cookie' || reading || (actor.scopes.includes('post') && !demands.includes('account'));
    return scoped && may(actor, estate_id, demand);
  });
}
