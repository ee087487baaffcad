-- Handover between companies.
SELECT 1;
