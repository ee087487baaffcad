-- What keeping the register needs besides the tables of 0019.
SELECT 1;
