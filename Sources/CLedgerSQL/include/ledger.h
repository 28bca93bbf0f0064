extern const char *const ledger_placeholder;
