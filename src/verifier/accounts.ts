// Which accounts are money: 1001 and 1002 with all below them; the other classes go by the first digit.
export const isMoney = (account: string): boolean => account.startsWith('1001') || account.startsWith('1002');
