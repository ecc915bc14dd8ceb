/* SPDX-License-Identifier: GPL-2.0-or-later */
/* canary.c: each secret becomes some dozen byte strings; to look for it is to look for these. */
#include "config.h"
#include "tests/lab/canary.h"

#include <string.h>

typedef struct { char *name; guint8 *bytes; gsize length; } Spelling;

struct _AditCanaries
{
  GArray *spellings;
};

static void
clear_spelling (gpointer data)
{
  Spelling *spelling = data;

  g_free (spelling->name);
  g_free (spelling->bytes);
}

/**
 * adit_canaries_new:
 *
 * Returns: (transfer full): no secrets yet
 */
AditCanaries *
adit_canaries_new (void)
{
  AditCanaries *self = g_new0 (AditCanaries, 1);

  self->spellings = g_array_new (FALSE, FALSE, sizeof (Spelling));
  g_array_set_clear_func (self->spellings, clear_spelling);
  return self;
}

/**
 * adit_canaries_free:
 * @self: (transfer full): secrets
 */
void
adit_canaries_free (AditCanaries *self)
{
  g_array_unref (self->spellings);
  g_free (self);
}

static void
add (AditCanaries *self, const char *name, const char *how, const void *bytes, gsize length)
{
  Spelling spelling = { g_strdup_printf ("%s, %s", name, how), g_memdup2 (bytes, length), length };

  g_array_append_val (self->spellings, spelling);
}

/* @text in groups of four, as people write numbers. */
static void
add_grouped (AditCanaries *self, const char *name, const char *how, const char *text, char between)
{
  g_autoptr (GString) grouped = g_string_new (NULL);

  for (gsize i = 0; text[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (grouped, between);
      g_string_append_c (grouped, text[i]);
    }
  add (self, name, how, grouped->str, grouped->len);
}

static void
add_hex (AditCanaries *self, const char *name, const guint8 *bytes, gsize length)
{
  g_autoptr (GString) lower = g_string_new (NULL), upper = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    {
      g_string_append_printf (lower, "%02x", bytes[i]);
      g_string_append_printf (upper, "%02X", bytes[i]);
    }
  add (self, name, "in hexadecimal", lower->str, lower->len);
  if (!g_str_equal (lower->str, upper->str))
    add (self, name, "in upper-case hexadecimal", upper->str, upper->len);
}

/* Wherever it lies in what was encoded: of each of the three ways, what does not depend on its neighbours. */
static void
add_base64 (AditCanaries *self, const char *name, const guint8 *bytes, gsize length)
{
  for (gsize shift = 0; shift < 3; shift++)
    {
      g_autofree guint8 *shifted = g_malloc0 (length + shift);
      g_autofree char *text = NULL;
      gsize first = shift == 0 ? 0 : shift == 1 ? 2 : 3, last = (length + shift) / 3 * 4;

      memcpy (shifted + shift, bytes, length);
      text = g_base64_encode (shifted, length + shift);
      add (self, name, "in base64", text + first, last - first);
    }
}

static void
add_reversed (AditCanaries *self, const char *name, const guint8 *bytes, gsize length)
{
  g_autofree guint8 *reversed = g_malloc (length);

  for (gsize i = 0; i < length; i++)
    reversed[i] = bytes[length - 1 - i];
  add (self, name, "backwards", reversed, length);
}

/**
 * adit_canaries_add_text:
 * @self: secrets
 * @name: what it is
 * @text: a secret of printable characters
 */
void
adit_canaries_add_text (AditCanaries *self, const char *name, const char *text)
{
  gsize length = strlen (text), wide_bytes = 0;
  g_autofree char *little = g_convert (text, (gssize) length, "UTF-16LE", "UTF-8", NULL, &wide_bytes, NULL);
  g_autofree char *big = g_convert (text, (gssize) length, "UTF-16BE", "UTF-8", NULL, &wide_bytes, NULL);

  g_assert_cmpuint (length, >=, 7);    /* anything shorter is found everywhere */
  add (self, name, "as it is", text, length);
  if (strspn (text, "0123456789") == length)
    {
      add_grouped (self, name, "with spaces", text, ' ');
      add_grouped (self, name, "with dashes", text, '-');
    }
  add_hex (self, name, (const guint8 *) text, length);
  add_base64 (self, name, (const guint8 *) text, length);
  add_reversed (self, name, (const guint8 *) text, length);
  add (self, name, "in UTF-16", little, wide_bytes);
  add (self, name, "in UTF-16, big end first", big, wide_bytes);
}

/**
 * adit_canaries_add_key:
 * @self: secrets
 * @name: what it is
 * @bytes: a secret of any bytes
 * @length: how many
 */
void
adit_canaries_add_key (AditCanaries *self, const char *name, const guint8 *bytes, gsize length)
{
  add (self, name, "as it is", bytes, length);
  add_hex (self, name, bytes, length);
  add_base64 (self, name, bytes, length);
  add_reversed (self, name, bytes, length);
}

/**
 * adit_canaries_count:
 * @self: secrets
 *
 * Returns: how many spellings there are of all of them
 */
guint
adit_canaries_count (AditCanaries *self)
{
  return self->spellings->len;
}

/**
 * adit_canaries_get:
 * @self: secrets
 * @i: below adit_canaries_count()
 * @bytes: (out): the spelling itself
 * @length: (out): its size in bytes
 *
 * Returns: (transfer none): what it is, and how it is spelt
 */
const char *
adit_canaries_get (AditCanaries *self, guint i, gconstpointer *bytes, gsize *length)
{
  const Spelling *spelling = &g_array_index (self->spellings, Spelling, i);

  *bytes = spelling->bytes;
  *length = spelling->length;
  return spelling->name;
}

/**
 * adit_canaries_find:
 * @self: secrets
 * @bytes: what was written
 * @length: how much of it there is
 *
 * Returns: (transfer none) (nullable): the first that is in there, and how it is spelt
 */
const char *
adit_canaries_find (AditCanaries *self, const void *bytes, gsize length)
{
  for (guint i = 0; i < self->spellings->len; i++)
    {
      const Spelling *spelling = &g_array_index (self->spellings, Spelling, i);

      if (memmem (bytes, length, spelling->bytes, spelling->length) != NULL)
        return spelling->name;
    }
  return NULL;
}
