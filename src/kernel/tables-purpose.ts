// Row types of budgets, projects, forms of bodies and opening balances: see tables.ts, which takes them in.
export interface PurposeTables {
}
