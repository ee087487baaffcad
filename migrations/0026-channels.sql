-- Settlements of WeChat, Alipay and POS; deposits.
SELECT 1;
