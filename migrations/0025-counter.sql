-- Receipts at the counter.
SELECT 1;
