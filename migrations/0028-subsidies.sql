-- Subsidies for fees paid first (先缴后补).
SELECT 1;
