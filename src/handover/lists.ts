// Tables of a certificate: for every owner, for officers, for whoever may see dwellings by name.
export const publicLists = ['balances', 'bank', 'contracts'] as const;
export const officerLists = ['vouchers'] as const;
export const householdLists = ['bills', 'advance', 'deposits'] as const;
export const lists = [...publicLists, ...officerLists, ...householdLists] as const;
export type ListName = (typeof lists)[number];
