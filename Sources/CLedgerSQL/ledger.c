#include "ledger.h"
const char *const ledger_placeholder = "";
