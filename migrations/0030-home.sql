-- My home.
SELECT 1;
