/* SPDX-License-Identifier: GPL-2.0-or-later */
/* curl-library.c: loads libcurl where it is needed.  It brings thirty libraries along, whose loading takes longer than all else
 * that a worker does before it is ready; only one of the worker's roles ever makes a request, and people wait for the others.
 * OpenSSL is the largest of them: its functions are taken out of what libcurl is linked with, and so they are of the same one. */
#include "client/provider/curl-library.h"

#include <gmodule.h>

#define LIBRARY "libcurl.so.4"    /* its name since 2006; what is newer in it we ask of it option by option */
#define FIND(function) g_module_symbol (library, "curl_" #function, (gpointer *) &curl.function)

static gboolean
find_tls (GModule *library, AditTlsLibrary *tls)
{
#define FIND_TLS(function) && g_module_symbol (library, #function, (gpointer *) &tls->function)
  return TRUE ADIT_TLS_FUNCTIONS (FIND_TLS);
#undef FIND_TLS
}

/**
 * adit_curl_library_load:
 * @reason: (out) (transfer none): what is missing, for a person
 *
 * The first call loads it, which has to be before a sandbox takes the files away.  Not for more than one thread.
 *
 * Returns: (transfer none) (nullable): its functions, which stay until the process ends
 */
const AditCurlLibrary *
adit_curl_library_load (const char **reason)
{
  static AditCurlLibrary curl;
  static const char *problem;
  static GModule *library;

  if (library == NULL && problem == NULL)
    {
      library = g_module_open (LIBRARY, G_MODULE_BIND_LOCAL);
      if (library == NULL || !FIND (global_init) || !FIND (easy_init) || !FIND (easy_setopt) || !FIND (easy_perform) ||
          !FIND (easy_getinfo) || !FIND (easy_cleanup) || !FIND (easy_strerror) || !FIND (slist_append) ||
          !FIND (slist_free_all) || !FIND (getdate))
        problem = LIBRARY " cannot be loaded";
      else if (!find_tls (library, &curl.tls))
        problem = LIBRARY " is not linked with OpenSSL 3";
    }
  *reason = problem;
  return problem == NULL ? &curl : NULL;
}
