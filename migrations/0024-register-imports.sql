-- Spreadsheets taken into the register.
SELECT 1;
