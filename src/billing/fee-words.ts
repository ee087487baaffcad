// Items of bills that most estates have, by their code; whatever else is charged has its name in its rule.
import type { Bilingual } from '../kernel/locale.ts';

export const feeItems: Readonly<Record<string, Bilingual>> = {
  property_fee: { zh: '物业费', en: 'Property fee' },
  parking: { zh: '车位费', en: 'Parking' },
  water: { zh: '水费', en: 'Water' },
  electricity: { zh: '电费', en: 'Electricity' },
  gas: { zh: '燃气费', en: 'Gas' },
  heat: { zh: '采暖费', en: 'Heating' },
  lift: { zh: '电梯费', en: 'Lift' },
  common_energy: { zh: '公共能耗分摊', en: 'Common electricity and water, shared' },
  waste: { zh: '垃圾处理费', en: 'Waste' },
  late_fee: { zh: '滞纳金', en: 'Late fee' },
};
