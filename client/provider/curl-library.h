/* SPDX-License-Identifier: GPL-2.0-or-later */
/* curl-library.h: libcurl's functions, once it is loaded. */
#pragma once

#include <curl/curl.h>
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  __typeof__ (curl_global_init)    *global_init;
  __typeof__ (curl_easy_init)      *easy_init;
  __typeof__ (curl_easy_setopt)    *easy_setopt;
  __typeof__ (curl_easy_perform)   *easy_perform;
  __typeof__ (curl_easy_getinfo)   *easy_getinfo;
  __typeof__ (curl_easy_cleanup)   *easy_cleanup;
  __typeof__ (curl_easy_strerror)  *easy_strerror;
  __typeof__ (curl_slist_append)   *slist_append;
  __typeof__ (curl_slist_free_all) *slist_free_all;
  __typeof__ (curl_getdate)        *getdate;
} AditCurlLibrary;

const AditCurlLibrary *adit_curl_library_load (const char **reason);

G_END_DECLS
