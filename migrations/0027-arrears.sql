-- Arrears and reminders.
SELECT 1;
