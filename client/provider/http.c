/* SPDX-License-Identifier: GPL-2.0-or-later */
/* http.c: fills and clears the values of http.h. */
#include "client/provider/http.h"

#include <string.h>

/* A token answer fits, so that its bytes are never left behind by a growing array. */
#define FIRST_BODY_BYTES 65536

/**
 * adit_http_request_add_header:
 * @self: a request
 * @name: the header's name
 * @value: its value; no secret, and checked by the caller to be printable
 *
 * Adds one header line; more than %ADIT_HTTP_MAX_HEADERS is a mistake in the adapter.
 */
void
adit_http_request_add_header (AditHttpRequest *self, const char *name, const char *value)
{
  for (guint i = 0; i < ADIT_HTTP_MAX_HEADERS; i++)
    if (self->headers[i] == NULL)
      {
        self->headers[i] = g_strconcat (name, ": ", value, NULL);
        return;
      }
  g_return_if_reached ();
}

/**
 * adit_http_request_clear:
 * @self: a request, or all zero
 *
 * Frees what it holds, wipes what was secret, and leaves it all zero.
 */
void
adit_http_request_clear (AditHttpRequest *self)
{
  for (guint i = 0; i < ADIT_HTTP_MAX_HEADERS; i++)
    g_free (self->headers[i]);
  g_free (self->path);
  g_clear_pointer (&self->bearer, adit_secret_unref);
  g_clear_pointer (&self->body, adit_secret_unref);
  memset (self, 0, sizeof *self);
}

/**
 * adit_http_answer_init:
 * @self: (out caller-allocates): an answer without anything in it
 * @body_max_bytes: how long its body may become
 */
void
adit_http_answer_init (AditHttpAnswer *self, gsize body_max_bytes)
{
  memset (self, 0, sizeof *self);
  self->content_type = g_strdup ("");
  self->etag = g_strdup ("");
  self->retry_after = g_strdup ("");
  self->rate_limits = g_strdup ("");
  self->body = g_byte_array_sized_new ((guint) MIN (body_max_bytes, FIRST_BODY_BYTES));
}

/**
 * adit_http_answer_clear:
 * @self: an answer, or all zero
 *
 * Wipes its body, frees what it holds, and leaves it all zero.
 */
void
adit_http_answer_clear (AditHttpAnswer *self)
{
  g_free (self->content_type);
  g_free (self->etag);
  g_free (self->retry_after);
  g_free (self->rate_limits);
  if (self->body != NULL)
    {
      adit_wipe (self->body->data, self->body->len);
      g_byte_array_unref (self->body);
    }
  memset (self, 0, sizeof *self);
}
