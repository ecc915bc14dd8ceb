/* SPDX-License-Identifier: GPL-2.0-or-later */
/* secret.c: a secret has pages of its own, because locking and keeping out of dumps work on whole pages. */
#include "client/base/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct _AditSecret
{
  gatomicrefcount references;
  guint8         *bytes;
  gsize           length, mapped;
  char            description[32];
};

/**
 * adit_wipe:
 * @bytes: (nullable): what is to be forgotten
 * @length: how many bytes
 *
 * Overwrites with zeros in a way that no optimiser leaves out.
 */
void
adit_wipe (void *bytes, gsize length)
{
  if (bytes != NULL && length > 0)
    explicit_bzero (bytes, length);
}

/**
 * adit_secret_new:
 * @bytes: (nullable): the secret; the caller wipes its own copy
 * @length: its size in bytes; 0 is allowed
 *
 * Copies a secret into pages that are locked where the limit allows it, left out of core dumps, and not inherited by children.
 *
 * Returns: (transfer full): the secret
 */
AditSecret *
adit_secret_new (const void *bytes, gsize length)
{
  AditSecret *self = g_new0 (AditSecret, 1);
  gsize page = (gsize) sysconf (_SC_PAGESIZE);

  g_atomic_ref_count_init (&self->references);
  self->length = length;
  self->mapped = (length / page + 1) * page;
  self->bytes = mmap (NULL, self->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (self->bytes == MAP_FAILED)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", length);

  /* Each is a help, none is a promise: RLIMIT_MEMLOCK may be small, and a missing lock must not keep anyone from connecting. */
  (void) mlock (self->bytes, self->mapped);
  (void) madvise (self->bytes, self->mapped, MADV_DONTDUMP);
  (void) madvise (self->bytes, self->mapped, MADV_WIPEONFORK);

  if (length > 0)
    memcpy (self->bytes, bytes, length);
  g_snprintf (self->description, sizeof self->description, "%" G_GSIZE_FORMAT " bytes", length);
  return self;
}

/**
 * adit_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): the same secret
 */
AditSecret *
adit_secret_ref (AditSecret *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

/**
 * adit_secret_unref:
 * @self: a secret; wiped when this was the last reference
 */
void
adit_secret_unref (AditSecret *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  adit_wipe (self->bytes, self->length);
  munmap (self->bytes, self->mapped);
  g_free (self);
}

/**
 * adit_secret_peek:
 * @self: a secret
 * @length: (out) (optional): its size in bytes
 *
 * Returns: (transfer none): the bytes, followed by a zero byte that does not count
 */
const guint8 *
adit_secret_peek (AditSecret *self, gsize *length)
{
  if (length != NULL)
    *length = self->length;
  return self->bytes;
}

/**
 * adit_secret_get_size:
 * @self: (nullable): a secret
 *
 * Returns: its size in bytes, 0 for none
 */
gsize
adit_secret_get_size (AditSecret *self)
{
  return self != NULL ? self->length : 0;
}

/**
 * adit_secret_equal:
 * @a: (nullable): a secret
 * @b: (nullable): another
 *
 * Takes as long as the secret is, wherever they differ.
 *
 * Returns: whether they are the same, or both none
 */
gboolean
adit_secret_equal (AditSecret *a, AditSecret *b)
{
  guint8 different = 0;

  if (a == NULL || b == NULL)
    return a == b;
  if (a->length != b->length)
    return FALSE;
  for (gsize i = 0; i < a->length; i++)
    different |= a->bytes[i] ^ b->bytes[i];
  return different == 0;
}

/**
 * adit_secret_copy_to:
 * @self: (nullable): a secret
 * @field: (out): what it is copied into; as it was when there is no secret or it is longer than @size_bytes.  The caller wipes it
 * @size_bytes: how much there is room for; for text in a field of zeroes, one less than the field
 *
 * For forms that carry secrets on.
 */
void
adit_secret_copy_to (AditSecret *self, void *field, gsize size_bytes)
{
  if (self == NULL)
    return;
  g_return_if_fail (self->length <= size_bytes);
  memcpy (field, self->bytes, self->length);
}

/**
 * adit_secret_describe:
 * @self: (nullable): a secret
 *
 * The only text that a log may have of it.
 *
 * Returns: (transfer none): "32 bytes" or "not set"
 */
const char *
adit_secret_describe (AditSecret *self)
{
  return self != NULL ? self->description : "not set";
}
