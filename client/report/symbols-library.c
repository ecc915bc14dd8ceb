/* SPDX-License-Identifier: GPL-2.0-or-later */
/* symbols-library.c: loads elfutils where it is needed.  One of the worker's roles asks it, after a crash; the others, for which
 * people wait, would load it and what it unpacks with each time. */
#include "client/report/symbols-library.h"

#include <gmodule.h>

#define LIBRARY "libdw.so.1"    /* its name since 2005; it brings libelf along */

static gboolean
find_all (GModule *library, AditDwLibrary *dw)
{
#define FIND(function) && g_module_symbol (library, #function, (gpointer *) &dw->function)
  return TRUE ADIT_DW_FUNCTIONS (FIND);
#undef FIND
}

/**
 * adit_symbols_library_load:
 *
 * The first call loads it.  Not for more than one thread.
 *
 * Returns: (transfer none) (nullable): its functions, which stay until the process ends
 */
const AditDwLibrary *
adit_symbols_library_load (void)
{
  static AditDwLibrary dw;
  static GModule *library;
  static gboolean is_whole;

  if (library == NULL)
    {
      library = g_module_open (LIBRARY, G_MODULE_BIND_LOCAL);
      is_whole = library != NULL && find_all (library, &dw);
    }
  return is_whole ? &dw : NULL;
}
